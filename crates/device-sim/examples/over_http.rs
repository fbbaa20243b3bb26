//! Lets a simulated iPhone talk to a small server over HTTP, each message a property list:
//! `cargo run -p device-sim --example over_http`.
//!
//! The server knows nothing of this crate: it sees bytes, as any MDM server does. It enrols the
//! iPhone, has it fetch a declaration, removes its passcode with the unlock token that it got, and
//! hears of both by reports that the iPhone sends by itself.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;

use chrono::{DateTime, TimeDelta, Utc};
use device_sim::Secret;
use device_sim::apple::{Call, Client, Platform, Setup};
use plist::{Dictionary, Value};
use serde_json::{Value as Json, json};

fn main() -> io::Result<()> {
    for line in conversation()? {
        println!("{line}");
    }
    Ok(())
}

/// Returns the server's view, message by message.
fn conversation() -> io::Result<Vec<String>> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let server = thread::spawn(move || serve(&listener));
    iphone(address)?;
    // An empty path ends the server.
    put(address, "/quit", &[])?;
    server.join().map_err(|_| io::Error::other("the server has panicked"))?
}

/// Returns the iPhone's side: it enrols, obeys what it is ordered, and reports what has changed.
fn iphone(address: SocketAddr) -> io::Result<()> {
    let mut setup = Setup::new(Platform::Ios);
    setup.enrolled = false;
    setup.passcode = Some(Secret::new("258014"));
    let mut now = DateTime::UNIX_EPOCH;
    let mut phone = Client::new(&setup, now);
    put(address, "/checkin", &phone.authenticate(now).map_err(io::Error::other)?)?;
    put(address, "/checkin", &phone.token_update(now).map_err(io::Error::other)?)?;
    // A session, as after a push: a report for an order, until there is none.
    let mut report = phone.idle(now).map_err(io::Error::other)?;
    loop {
        let order = put(address, "/mdm", &report)?;
        if order.is_empty() {
            break;
        }
        now += TimeDelta::seconds(1);
        report = phone.obey(&order, now).map_err(io::Error::other)?;
        if contains(&order, b"DeclarativeManagement") && contains(&report, b"Acknowledged") {
            fetch_declarations(&mut phone, address, now)?;
            // The passcode is removed from a device that is locked.
            phone.act(&Call::Lock, now);
        }
        for check_in in phone.check_ins(now) {
            put(address, "/checkin", &check_in)?;
        }
    }
    Ok(())
}

fn fetch_declarations(
    phone: &mut Client,
    address: SocketAddr,
    now: DateTime<Utc>,
) -> io::Result<()> {
    let mut question = Some(phone.fetch_declarations());
    while let Some(check_in) = question {
        let answer = put(address, "/checkin", &check_in)?;
        question = phone.take_declarative(&answer, now).map_err(io::Error::other)?;
    }
    Ok(())
}

/// The server's side: what it knows of the one device that it has.
#[derive(Default)]
struct Server {
    unlock_token: Option<Vec<u8>>,
    orders: Vec<&'static str>,
    seen: Vec<String>,
}

fn serve(listener: &TcpListener) -> io::Result<Vec<String>> {
    let mut server =
        Server { orders: vec!["ClearPasscode", "DeclarativeManagement"], ..Server::default() };
    for stream in listener.incoming() {
        let mut stream = stream?;
        let (path, body) = read_request(&stream)?;
        let answer = match path.as_str() {
            "/checkin" => server.check_in(&body),
            "/mdm" => server.report(&body),
            _ => {
                respond(&mut stream, &[])?;
                break;
            }
        };
        respond(&mut stream, &answer)?;
    }
    Ok(server.seen)
}

impl Server {
    /// Returns a message that the device sends on its own.
    fn check_in(&mut self, body: &[u8]) -> Vec<u8> {
        let message = dictionary(body);
        let text = |key: &str| message.get(key).and_then(Value::as_string).unwrap_or_default();
        let kind = text("MessageType").to_owned();
        if let Some(token) = message.get("UnlockToken").and_then(Value::as_data) {
            self.unlock_token = Some(token.to_vec());
        }
        let endpoint = text("Endpoint").to_owned();
        let data = message.get("Data").and_then(Value::as_data).unwrap_or_default();
        let status = String::from_utf8_lossy(data);
        self.seen.push(format!("{kind} {endpoint} {status}").trim_end().to_owned());
        match endpoint.as_str() {
            "" | "status" => Vec::new(),
            other => declarative(other).to_string().into_bytes(),
        }
    }

    /// Returns a report, to which the answer is the next order.
    fn report(&mut self, body: &[u8]) -> Vec<u8> {
        let message = dictionary(body);
        let text = |key: &str| message.get(key).and_then(Value::as_string).unwrap_or_default();
        let about = text("CommandUUID");
        self.seen.push(format!("{} {about}", text("Status")).trim_end().to_owned());
        let Some(request_type) = self.orders.pop() else { return Vec::new() };
        let mut command = Dictionary::new();
        command.insert("RequestType".to_owned(), request_type.into());
        if let Some(token) = self.unlock_token.clone().filter(|_| request_type == "ClearPasscode") {
            command.insert("UnlockToken".to_owned(), Value::Data(token));
        }
        let mut order = Dictionary::new();
        order.insert("CommandUUID".to_owned(), format!("order-{request_type}").into());
        order.insert("Command".to_owned(), Value::Dictionary(command));
        let mut bytes = Vec::new();
        let written = Value::Dictionary(order).to_writer_xml(&mut bytes);
        written.expect("a vector takes all bytes");
        bytes
    }
}

/// Returns the answers of declarative management: a configuration that demands a passcode, and the
/// activation without which it is not applied.
fn declarative(endpoint: &str) -> Json {
    match endpoint {
        "tokens" => json!({ "SyncTokens": {
            "Timestamp": "2026-11-29T00:00:00Z",
            "DeclarationsToken": "first",
        } }),
        "declaration-items" => json!({
            "Declarations": {
                "Activations": [{ "Identifier": "always", "ServerToken": "1" }],
                "Configurations": [{ "Identifier": "passcode", "ServerToken": "1" }],
                "Assets": [], "Management": [],
            },
            "DeclarationsToken": "first",
        }),
        "declaration/activation/always" => json!({
            "Type": "com.apple.activation.simple",
            "Identifier": "always",
            "ServerToken": "1",
            "Payload": { "StandardConfigurations": ["passcode"] },
        }),
        _ => json!({
            "Type": "com.apple.configuration.passcode.settings",
            "Identifier": "passcode",
            "ServerToken": "1",
            "Payload": { "RequirePasscode": true },
        }),
    }
}

fn dictionary(body: &[u8]) -> Dictionary {
    let value = Value::from_reader(io::Cursor::new(body));
    value.ok().and_then(Value::into_dictionary).unwrap_or_default()
}

fn contains(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|window| window == text)
}

/// Sends a request; returns the body of the answer.
fn put(address: SocketAddr, path: &str, body: &[u8]) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(address)?;
    let head = format!("PUT {path} HTTP/1.1\r\nContent-Length: {}\r\n\r\n", body.len());
    stream.write_all(head.as_bytes())?;
    stream.write_all(body)?;
    read_request(&stream).map(|(_, body)| body)
}

fn respond(stream: &mut TcpStream, body: &[u8]) -> io::Result<()> {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
    stream.write_all(head.as_bytes())?;
    stream.write_all(body)
}

/// Reads a request or an answer: the second word of the first line, and the body.
fn read_request(stream: &TcpStream) -> io::Result<(String, Vec<u8>)> {
    let mut reader = BufReader::new(stream);
    let (mut line, mut length) = (String::new(), 0);
    reader.read_line(&mut line)?;
    let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
    loop {
        line.clear();
        reader.read_line(&mut line)?;
        if let Some(number) = line.strip_prefix("Content-Length: ") {
            length = number.trim().parse().map_err(io::Error::other)?;
        }
        if line.trim().is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok((path, body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_server_hears_of_everything_by_bytes_alone() {
        let seen = conversation().expect("a conversation");
        let expected = [
            "Authenticate",
            "TokenUpdate",
            "Idle",
            "DeclarativeManagement tokens",
            "DeclarativeManagement declaration-items",
            "DeclarativeManagement declaration/configuration/passcode",
            "DeclarativeManagement declaration/activation/always",
        ];
        assert_eq!(seen[..7], expected, "{seen:#?}");
        let status = |message: &str| -> Json {
            let status = message.strip_prefix("DeclarativeManagement status ");
            serde_json::from_str(status.expect("a status report")).expect("JSON")
        };
        let there = &status(&seen[7])["StatusItems"];
        assert_eq!(there["passcode"], json!({ "is-compliant": true, "is-present": true }));
        let configuration = &there["management"]["declarations"]["configurations"][0];
        assert_eq!(
            (&configuration["active"], &configuration["valid"]),
            (&json!(true), &json!("valid"))
        );
        assert_eq!(seen[8], "Acknowledged order-DeclarativeManagement");
        let gone = &status(&seen[9])["StatusItems"];
        assert_eq!(*gone, json!({ "passcode": { "is-compliant": false, "is-present": false } }));
        assert_eq!(seen[10], "Acknowledged order-ClearPasscode");
        assert_eq!(seen.len(), 11);
    }
}
