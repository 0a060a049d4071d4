//! Mounts the app.

fn main() {
    linli_app::app::start();
}
