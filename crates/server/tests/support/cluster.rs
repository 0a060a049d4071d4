//! A throw-away PostgreSQL cluster in a temporary folder, on a Unix socket only.
//!
//! A small shell guards it: when the test program ends in whatever way, the guard's standard input closes, and it stops
//! the cluster and removes the folder.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use linli_server::{db::Store, office::Place};

/// Settings under which a commit does not wait for the disk: for tests that do not kill the database.
pub const FAST: &[&str] = &["fsync=off", "synchronous_commit=off", "full_page_writes=off"];

/// The database with the tables in it, copied for each test: migrating costs as much as the test.
const TABLES: &str = "tables";

/// A running cluster.
pub struct Cluster {
    folder: PathBuf,
    /// What new databases are copies of.
    template: &'static str,
    /// Holds the guard's standard input open.
    _guard: Option<Child>,
}

/// The cluster all modules of one test program share. Each module has its own copy of this file, so the first one to make
/// the folder starts it.
pub fn shared() -> &'static Cluster {
    static SHARED: OnceLock<Cluster> = OnceLock::new();
    SHARED.get_or_init(|| {
        let folder = std::env::temp_dir().join(format!("linli-pg-{}", std::process::id()));
        if fs::create_dir(&folder).is_ok() {
            let mut cluster = Cluster::start_in(folder, FAST);
            cluster.prepare();
            fs::write(cluster.folder.join("ready"), "").expect("the cluster's folder");
            return cluster;
        }
        let begun = Instant::now();
        while !folder.join("ready").exists() {
            assert!(begun.elapsed() < Duration::from_secs(60), "the shared PostgreSQL cluster did not start");
            std::thread::sleep(Duration::from_millis(20));
        }
        Cluster { folder, template: TABLES, _guard: None }
    })
}

impl Cluster {
    /// A cluster of one's own, with the database's own durability.
    pub fn durable() -> Self {
        Self::with(&[])
    }

    /// The same with more settings, such as `shared_buffers=1GB`.
    pub fn with(settings: &[&str]) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("linli-pg-{}-{n}", std::process::id()));
        fs::create_dir(&folder).expect("a folder for the cluster");
        Self::start_in(folder, settings)
    }

    fn start_in(folder: PathBuf, settings: &[&str]) -> Self {
        if is_root() {
            run(Command::new("chown").arg("postgres").arg(&folder));
        }
        let data = folder.join("data");
        run(as_postgres(&program("initdb"))
            .args(["-A", "trust", "-U", "linli", "-E", "UTF8", "--locale=C", "-N", "-D"])
            .arg(&data));
        let quoted = |path: &Path| format!("'{}'", path.display());
        let stop = format!(
            "cat >/dev/null; {} {} -m immediate -w -D {} stop >/dev/null 2>&1; rm -rf {}",
            if is_root() { "runuser -u postgres --" } else { "" },
            quoted(&program("pg_ctl")),
            quoted(&data),
            quoted(&folder),
        );
        // A session of its own, so that an interrupt at the terminal does not end it before its work.
        let guard = Command::new("setsid").args(["sh", "-c", &stop]).stdin(Stdio::piped()).spawn().expect("the guard");
        let mut conf = format!(
            "listen_addresses = ''\nunix_socket_directories = '{}'\nmax_connections = 300\nshared_buffers = 64MB\n",
            folder.display()
        );
        for setting in settings {
            conf += &setting.replace('=', " = ");
            conf.push('\n');
        }
        let extra = folder.join("extra.conf");
        fs::write(&extra, conf).expect("the cluster's settings");
        let cluster = Self { folder, template: "template0", _guard: Some(guard) };
        cluster.start();
        cluster
    }

    /// Starts the cluster, also again after [`Cluster::kill`].
    pub fn start(&self) {
        let options: String = fs::read_to_string(self.folder.join("extra.conf"))
            .expect("the cluster's settings")
            .lines()
            .map(|line| format!("-c {} ", line.replace(" = ", "=")))
            .collect();
        let begun = Instant::now();
        loop {
            let mut start = as_postgres(&program("pg_ctl"));
            start.args(["-w", "-t", "60", "-o", &options, "-l"]).arg(self.folder.join("data/log"));
            start.arg("-D").arg(self.folder.join("data")).arg("start").stdin(Stdio::null()).stdout(Stdio::null());
            let done = start.output().unwrap_or_else(|e| panic!("{start:?}: {e}"));
            if done.status.success() {
                return;
            }
            // Killed, it may have a child that holds its memory a moment longer, and is not started beside that.
            let log = fs::read_to_string(self.folder.join("data/log")).unwrap_or_default();
            let why = String::from_utf8_lossy(&done.stderr).into_owned();
            assert!(begun.elapsed() < Duration::from_secs(60), "{why}{}", &log[log.len().saturating_sub(2000)..]);
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Stops the cluster as its service does, ending all connections.
    pub fn stop(&self) {
        let mut stop = as_postgres(&program("pg_ctl"));
        stop.args(["-w", "-m", "fast", "-D"]).arg(self.folder.join("data")).arg("stop").stdout(Stdio::null());
        run(&mut stop);
    }

    /// Keeps a copy of the stopped cluster as it is, as a replica that hears nothing any more.
    pub fn copy(&self) {
        run(Command::new("cp").arg("-a").arg(self.folder.join("data")).arg(self.folder.join("replica")));
    }

    /// Lets that copy take over from the stopped cluster, at the same address.
    pub fn take_over(&self) {
        let data = self.folder.join("data");
        fs::rename(&data, self.folder.join("old")).expect("the old primary");
        fs::rename(self.folder.join("replica"), &data).expect("the copy");
        run(as_postgres(Path::new("touch")).arg(data.join("standby.signal")));
        self.start();
        let mut promote = as_postgres(&program("pg_ctl"));
        run(promote.args(["-w", "-D"]).arg(&data).arg("promote").stdout(Stdio::null()));
    }

    /// Kills the postmaster as `kill -9` does. Its children notice and go; nothing is flushed.
    pub fn kill(&self) {
        let pid = fs::read_to_string(self.folder.join("data/postmaster.pid")).expect("the postmaster's id");
        let pid = pid.lines().next().expect("the postmaster's id").to_owned();
        // The children first stop dead with it: a machine that loses power asks nobody.
        let _ = Command::new("pkill").args(["-9", "-P", &pid]).status();
        let _ = Command::new("kill").args(["-9", &pid]).status();
        let gone = || !Path::new(&format!("/proc/{pid}")).exists();
        let begun = Instant::now();
        while !gone() {
            assert!(begun.elapsed() < Duration::from_secs(20), "the postmaster outlived kill -9");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// A new database without a community: its address.
    pub fn fresh(&self) -> String {
        self.create(&format!("t{}", unused_name()))
    }

    /// Makes the template of all databases from now on, migrated once by the store itself.
    fn prepare(&mut self) {
        let place = Place::Postgres(self.create(TABLES));
        let migrate = async { Store::open(&place).await.expect("the tables").close().await };
        // A thread of its own: the caller may be inside a test's runtime already.
        let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        std::thread::scope(|scope| scope.spawn(|| runtime().block_on(migrate)).join()).expect("the tables");
        self.template = TABLES;
    }

    fn create(&self, name: &str) -> String {
        let template = self.template;
        run(as_postgres(&program("psql"))
            .args(["-q", "-U", "linli", "-d", "postgres", "-h"])
            .arg(&self.folder)
            .args(["-c", &format!("CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")]));
        let host = self.folder.display().to_string().replace('/', "%2F");
        format!("postgres://linli@{host}/{name}")
    }
}

/// A name no other database of the cluster has, whichever copy of this file asks.
fn unused_name() -> String {
    let module: u64 = module_path!().bytes().fold(7, |hash, byte| hash.wrapping_mul(31).wrapping_add(byte.into()));
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("{module:x}_{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// A program of the newest PostgreSQL there is: Debian keeps them off `PATH`.
fn program(name: &str) -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let debian = versions.map(|version| version.path().join("bin").join(name)).filter(|path| path.is_file());
    let path = std::env::var_os("PATH").unwrap_or_default();
    let elsewhere = std::env::split_paths(&path).map(|folder| folder.join(name)).find(|path| path.is_file());
    debian.max().or(elsewhere).unwrap_or_else(|| {
        panic!("PostgreSQL's `{name}` is not here: run `cargo xtask test`, or apt-get install postgresql")
    })
}

/// PostgreSQL refuses to run as root.
fn as_postgres(program: &Path) -> Command {
    let mut command = if is_root() {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    command.current_dir("/");
    command
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().expect("the program `id`");
    id.stdout.starts_with(b"0\n")
}

fn run(command: &mut Command) {
    let done = command.stdin(Stdio::null()).output().unwrap_or_else(|e| panic!("{command:?}: {e}"));
    assert!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
}
