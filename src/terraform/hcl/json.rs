//! JSON with the place of every value, which the library that reads it elsewhere does not keep.

/// Deeper documents are refused, so that reading one never runs out of stack.
const DEEPEST: usize = 64;

#[derive(Debug, Clone, PartialEq)]
pub struct Json {
    pub start: usize,
    pub end: usize,
    pub kind: JsonKind,
}

#[derive(Debug, Clone, PartialEq)]
pub enum JsonKind {
    Null,
    Bool(bool),
    Number(f64),
    /// The text, and whether it stands in the file as it is, without escapes.
    Text(String, bool),
    List(Vec<Json>),
    Object(Vec<Member>),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    pub name: String,
    pub name_start: usize,
    pub name_end: usize,
    pub value: Json,
}

/// What is wrong, and at which byte.
pub struct JsonError {
    pub at: usize,
    pub message: &'static str,
}

type Result<T> = std::result::Result<T, JsonError>;

pub fn parse(text: &str) -> Result<Json> {
    let mut reader = Reader { text, at: 0 };
    let value = reader.value(0)?;
    reader.space();
    if reader.at < text.len() { reader.wrong("nothing more was expected here") } else { Ok(value) }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while self.peek().is_some_and(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn wrong<T>(&self, message: &'static str) -> Result<T> {
        Err(JsonError { at: self.at, message })
    }

    fn value(&mut self, depth: usize) -> Result<Json> {
        self.space();
        if depth > DEEPEST {
            return self.wrong("values are nested too deeply");
        }
        let start = self.at;
        let kind = match self.peek() {
            Some(b'{') => self.object(depth)?,
            Some(b'[') => self.list(depth)?,
            Some(b'"') => {
                let (text, plain) = self.string()?;
                JsonKind::Text(text, plain)
            }
            _ => self.word()?,
        };
        Ok(Json { start, end: self.at, kind })
    }

    /// `true`, `false`, `null` or a number.
    fn word(&mut self) -> Result<JsonKind> {
        let length = self.rest().find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '+' | '-' | '.')).unwrap_or(self.rest().len());
        let word = self.rest().get(..length).unwrap_or_default();
        let kind = match word {
            "null" => JsonKind::Null,
            "true" => JsonKind::Bool(true),
            "false" => JsonKind::Bool(false),
            _ => match serde_json::from_str::<f64>(word) {
                Ok(number) => JsonKind::Number(number),
                Err(_) => return self.wrong("a value was expected here"),
            },
        };
        self.at += length;
        Ok(kind)
    }

    fn string(&mut self) -> Result<(String, bool)> {
        let start = self.at;
        let mut escaped = false;
        self.at += 1;
        loop {
            match self.peek() {
                None | Some(b'\n') => {
                    self.at = start;
                    return self.wrong("the text that begins here is not closed");
                }
                Some(b'\\') => {
                    escaped = true;
                    self.at += 2;
                }
                Some(b'"') => {
                    self.at += 1;
                    break;
                }
                Some(_) => self.at += 1,
            }
        }
        match serde_json::from_str(self.text.get(start..self.at).unwrap_or_default()) {
            Ok(text) => Ok((text, !escaped)),
            Err(_) => {
                Err(JsonError { at: start, message: "the text that begins here has an escape or a character that JSON does not know" })
            }
        }
    }

    fn list(&mut self, depth: usize) -> Result<JsonKind> {
        let mut values = Vec::new();
        self.at += 1;
        self.space();
        while self.peek() != Some(b']') {
            values.push(self.value(depth + 1)?);
            self.separator(b']')?;
        }
        self.at += 1;
        Ok(JsonKind::List(values))
    }

    fn object(&mut self, depth: usize) -> Result<JsonKind> {
        let mut members = Vec::new();
        self.at += 1;
        self.space();
        while self.peek() != Some(b'}') {
            if self.peek() != Some(b'"') {
                return self.wrong("a name in quotes was expected here");
            }
            let name_start = self.at;
            let (name, _) = self.string()?;
            let name_end = self.at;
            self.space();
            if self.peek() != Some(b':') {
                return self.wrong("':' was expected here");
            }
            self.at += 1;
            members.push(Member { name, name_start, name_end, value: self.value(depth + 1)? });
            self.separator(b'}')?;
        }
        self.at += 1;
        Ok(JsonKind::Object(members))
    }

    /// A comma that something follows, or the end.
    fn separator(&mut self, end: u8) -> Result<()> {
        self.space();
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                self.space();
                if self.peek() == Some(end) { self.wrong("nothing follows the comma") } else { Ok(()) }
            }
            Some(byte) if byte == end => Ok(()),
            _ => self.wrong("',' or the end was expected here"),
        }
    }
}
