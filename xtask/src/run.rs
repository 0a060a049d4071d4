//! `cargo xtask run`: from a clean clone to an address and accounts to sign in with.

use crate::{Failure, build, setup, shell};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::os::unix::process::CommandExt;

/// How many ports after the wished one are tried.
const TRIES: u16 = 50;

struct Wish {
    data: String,
    listen: SocketAddr,
    watch: bool,
}

/// Sets up, builds, makes the demo community if there is none, and becomes the server.
pub fn run(arguments: &[String]) -> Result<(), Failure> {
    let wish = parse(arguments)?;
    setup::for_building()?;
    build::app()?;
    let server = build::server()?;
    let server = server.to_string_lossy();
    shell::stage("demo community", || shell::run(&mut shell::program(&server, &["demo", "--data", &wish.data])))?;
    let address = free(wish.listen)?;
    if address != wish.listen {
        println!("\nPort {} is taken; using {}.", wish.listen.port(), address.port());
    }
    let listen = address.to_string();
    let mut serve = shell::program(&server, &["serve", "--data", &wish.data, "--listen", &listen]);
    if wish.watch {
        return watch(serve, address);
    }
    println!(
        "\n邻里 Linli: http://{address}/\nSign in with an account from above. Ctrl-C stops the server; the data stays in {}/.\n",
        wish.data
    );
    // Instead of waiting for a child: Ctrl-C then reaches the server, and the shell waits for its clean end.
    Err(format!("could not start the server: {}", serve.exec()))
}

/// The server behind, Trunk in front: it rebuilds the app on edit and reloads the page.
fn watch(mut serve: std::process::Command, server: SocketAddr) -> Result<(), Failure> {
    let mut server_process = serve.spawn().map_err(|error| format!("could not start the server: {error}"))?;
    let page = free(SocketAddr::new(server.ip(), 8090))?;
    let mut trunk = shell::program("trunk", &["serve", "--address", &page.ip().to_string()]);
    trunk.args(["--port", &page.port().to_string(), "--proxy-backend", &format!("http://{server}/api/")]);
    println!("\n邻里 Linli: http://{page}/ reloads on edit; the server on {server} answers behind it.\n");
    let outcome = shell::run(trunk.env_remove("NO_COLOR"));
    let _ = server_process.kill().and_then(|()| server_process.wait());
    outcome
}

fn parse(arguments: &[String]) -> Result<Wish, Failure> {
    let mut wish =
        Wish { data: "data".into(), listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080), watch: false };
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or(format!("{word} needs a value"));
        match word.as_str() {
            "--data" => wish.data = value()?.trim_end_matches('/').to_owned(),
            "--listen" => {
                let text = value()?;
                wish.listen = text.parse().map_err(|_| format!("--listen {text}: expected address:port"))?;
            }
            "--watch" => wish.watch = true,
            _ => return Err(format!("cargo xtask run does not know {word}")),
        }
    }
    Ok(wish)
}

/// The wished address, or the same with the next free port.
fn free(wished: SocketAddr) -> Result<SocketAddr, Failure> {
    (0..TRIES)
        .filter_map(|step| wished.port().checked_add(step))
        .map(|port| SocketAddr::new(wished.ip(), port))
        .find(|address| TcpListener::bind(address).is_ok())
        .ok_or_else(|| format!("no free port from {wished} on"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn data_and_address_can_be_chosen() {
        let wish = parse(&words("--data other/ --listen 0.0.0.0:9000")).unwrap();
        assert_eq!(
            (wish.data.as_str(), wish.listen.to_string().as_str(), wish.watch),
            ("other", "0.0.0.0:9000", false)
        );
    }

    #[test]
    fn what_is_not_understood_is_said() {
        assert!(parse(&words("--port 80")).err().unwrap().contains("--port"));
        assert!(parse(&words("--listen here")).err().unwrap().contains("here"));
        assert!(parse(&words("--data")).err().unwrap().contains("--data needs a value"));
    }

    #[test]
    fn a_taken_port_gives_the_next_free_one() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = taken.local_addr().unwrap();
        let other = free(address).unwrap();
        assert_ne!(other.port(), address.port());
    }
}
