//! Percent-encoding: what goes into a query, and what IAM's policies come in.

use std::fmt::Write;

/// Everything but the letters, digits and signs that RFC 3986 leaves as they are.
pub fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(char::from(byte)),
            // Writing to a text does not fail.
            _ => _ = write!(encoded, "%{byte:02X}"),
        }
    }
    encoded
}

/// What is not an encoded byte stays as it is, a plus included.
pub fn decode(text: &str) -> String {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let byte = match after {
            [high, low, ..] if *first == b'%' => hex(*high).zip(hex(*low)).map(|(high, low)| high << 4 | low),
            _ => None,
        };
        decoded.push(byte.unwrap_or(*first));
        rest = match byte {
            Some(_) => after.get(2..).unwrap_or_default(),
            None => after,
        };
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_survives_the_way_there_and_back() {
        for text in ["", "{\"Version\": \"2012-10-17\"}", "a+b=c&d/é%41 ~", "%", "%4", "%zz"] {
            assert_eq!(decode(&encode(text)), text);
        }
        assert_eq!(encode("a b/+"), "a%20b%2F%2B");
        assert_eq!(decode("%7B%7d+%4%zz"), "{}+%4%zz");
    }
}
