//! What asks nothing of the database that the contract does not ask: run once, over SQLite.

mod assets;
mod cli;
mod crowd;
mod demo_community;
mod demo_figures;
mod door;
mod full;
mod hostile;
mod log;
mod matrix;
mod papers;
mod proxies;
mod rights;
mod stop;
mod tls;
mod trail;
mod watched;
