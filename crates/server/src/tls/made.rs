//! An authority of the office's own, and the certificates it gives this server.
//!
//! Tablets are told to trust it, so it is made unable to vouch for anything but this office: its name constraints allow
//! private addresses, `.local`, `.lan` and the names it was made for (RFC 5280, 4.2.1.10). Its key stays in the data
//! folder, readable by the server's account alone.

use std::{fmt, fs, io, net::IpAddr, path::Path};

use jiff::{ToSpan, civil::Date};
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DistinguishedName, DnType, ExtendedKeyUsagePurpose,
    GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose, NameConstraints, date_time_ymd,
};
use rustls_pki_types::{CertificateDer, pem::PemObject};
use sha2::{Digest, Sha256};

use super::write_private;
use crate::private;

/// Years the authority is good for; tablets trust it once.
const YEARS: i32 = 10;
/// Days a certificate is good for: browsers take no longer ones (CA/Browser Forum ballot SC-22), and it is renewed monthly.
const DAYS: i32 = 200;

const CERTIFICATE: &str = "authority.pem";
const KEY: &str = "authority-key.pem";

/// The authority, and the names it vouches for.
#[derive(Clone, Debug)]
pub struct Authority {
    certificate: String,
    key: String,
    names: Vec<String>,
    today: fn() -> Date,
}

/// A name the authority was not made for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadName(pub String);

impl fmt::Display for BadName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the authority in the folder `tls` was not made for `{}`; move that folder away and start again: tablets must \
             then be told to trust the new one",
            self.0
        )
    }
}

impl std::error::Error for BadName {}

impl Authority {
    /// The authority kept in `folder`, made when there is none.
    ///
    /// # Errors
    /// The folder cannot be read or written, or a name is none the authority may vouch for.
    pub fn open(folder: &Path, names: Vec<String>, today: fn() -> Date) -> io::Result<Self> {
        private::folder(folder)?;
        private::file(&folder.join(KEY))?;
        if !folder.join(CERTIFICATE).exists() {
            let (certificate, key) = make(&names, today()).map_err(io::Error::other)?;
            write_private(&folder.join(KEY), &key)?;
            fs::write(folder.join(CERTIFICATE), certificate)?;
            fs::write(folder.join("names"), names.join("\n"))?;
        }
        let (certificate, key) = (fs::read_to_string(folder.join(CERTIFICATE))?, fs::read_to_string(folder.join(KEY))?);
        let made_for = fs::read_to_string(folder.join("names"))?;
        let is_allowed = |name: &&String| is_private(name) || made_for.lines().any(|made| made == name.as_str());
        if let Some(name) = names.iter().find(|name| !is_allowed(name)) {
            return Err(io::Error::other(BadName(name.clone())));
        }
        Ok(Self { certificate, key, names, today })
    }

    /// A new certificate of this server and its key, as PEM.
    ///
    /// # Errors
    /// The authority's files are damaged.
    pub fn certificate(&self) -> io::Result<(String, String)> {
        let made = || {
            let issuer = Issuer::from_ca_cert_pem(&self.certificate, KeyPair::from_pem(&self.key)?)?;
            let mut params = CertificateParams::new(self.names.clone())?;
            params.distinguished_name = called("Linli 邻里");
            params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
            params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
            params.use_authority_key_identifier_extension = true;
            (params.not_before, params.not_after) = span((self.today)(), DAYS);
            let key = KeyPair::generate()?;
            let certificate = params.signed_by(&key, &issuer)?;
            Ok::<_, rcgen::Error>((certificate.pem(), key.serialize_pem()))
        };
        made().map_err(io::Error::other)
    }

    /// The authority's own certificate as a tablet takes it, DER.
    pub fn der(&self) -> Vec<u8> {
        CertificateDer::from_pem_slice(self.certificate.as_bytes()).map(|der| der.to_vec()).unwrap_or_default()
    }

    /// What people compare before they trust it: its SHA-256 in groups of four.
    pub fn fingerprint(&self) -> String {
        let digits: String = Sha256::digest(self.der()).iter().map(|byte| format!("{byte:02X}")).collect();
        digits.as_bytes().chunks(4).map(|four| String::from_utf8_lossy(four)).collect::<Vec<_>>().join(" ")
    }
}

fn make(names: &[String], today: Date) -> Result<(String, String), rcgen::Error> {
    let mut params = CertificateParams::default();
    params.distinguished_name = called("Linli 邻里 · 本办公室 this office");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    (params.not_before, params.not_after) = span(today, YEARS * 365);
    let mut permitted: Vec<GeneralSubtree> =
        ["localhost", "local", "lan"].map(|name| GeneralSubtree::DnsName(name.into())).into();
    permitted.extend(PRIVATE.map(|(ip, prefix)| GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(ip, prefix))));
    for name in names.iter().filter(|name| !is_private(name)) {
        permitted.push(match name.parse::<IpAddr>() {
            Ok(ip) => GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(ip, if ip.is_ipv4() { 32 } else { 128 })),
            Err(_) => GeneralSubtree::DnsName(name.clone()),
        });
    }
    params.name_constraints = Some(NameConstraints { permitted_subtrees: permitted, excluded_subtrees: Vec::new() });
    let key = KeyPair::generate()?;
    Ok((params.self_signed(&key)?.pem(), key.serialize_pem()))
}

fn called(name: &str) -> DistinguishedName {
    let mut called = DistinguishedName::new();
    called.push(DnType::CommonName, name);
    called
}

/// From two days ago, for tablets whose clock is behind.
fn span(today: Date, days: i32) -> (time::OffsetDateTime, time::OffsetDateTime) {
    let day = |date: Date| date_time_ymd(date.year().into(), date.month().unsigned_abs(), date.day().unsigned_abs());
    (day(today.saturating_sub(2.days())), day(today.saturating_add(days.days())))
}

/// Addresses of one's own networks: RFC 1918, RFC 4193, link-local and this machine.
const PRIVATE: [(IpAddr, u8); 8] = {
    use std::net::{Ipv4Addr as V4, Ipv6Addr as V6};
    [
        (IpAddr::V4(V4::new(10, 0, 0, 0)), 8),
        (IpAddr::V4(V4::new(172, 16, 0, 0)), 12),
        (IpAddr::V4(V4::new(192, 168, 0, 0)), 16),
        (IpAddr::V4(V4::new(169, 254, 0, 0)), 16),
        (IpAddr::V4(V4::new(127, 0, 0, 0)), 8),
        (IpAddr::V6(V6::new(0xfc00, 0, 0, 0, 0, 0, 0, 0)), 7),
        (IpAddr::V6(V6::new(0xfe80, 0, 0, 0, 0, 0, 0, 0)), 10),
        (IpAddr::V6(V6::LOCALHOST), 128),
    ]
};

fn is_private(name: &str) -> bool {
    match name.parse::<IpAddr>() {
        Ok(IpAddr::V4(ip)) => ip.is_private() || ip.is_loopback() || ip.is_link_local(),
        Ok(IpAddr::V6(ip)) => ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local(),
        Err(_) => name == "localhost" || [".local", ".lan"].iter().any(|end| name.ends_with(end)),
    }
}
