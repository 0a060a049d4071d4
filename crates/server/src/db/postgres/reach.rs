//! Whether there is a PostgreSQL where one is said to be: asked once, at the start, because a pool only says that it waited.

use std::{str::FromStr, time::Duration};

use sqlx::{Connection, PgConnection, postgres::PgConnectOptions};
use tokio::time::timeout;

/// How long the machine may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Connects once and leaves again.
///
/// # Errors
/// Why it cannot, in words for who started the program. The password does not stand in them.
pub async fn reach(url: &str) -> Result<(), String> {
    let options = PgConnectOptions::from_str(url).map_err(|error| format!("the address cannot be read ({error})"))?;
    let tried = timeout(PATIENCE, PgConnection::connect_with(&options)).await;
    match tried {
        Ok(Ok(connection)) => {
            // It was reached; whether it hears the good-bye says nothing.
            let _ = connection.close().await;
            Ok(())
        }
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err(format!(
            "no word within {} seconds: is the address right, and does a firewall let it through?",
            PATIENCE.as_secs()
        )),
    }
}
