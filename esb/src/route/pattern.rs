//! `GET /orders/{id}` and `order-service /orders/{id}`, as routes write them.

use std::fmt;

use ::http::Method;
use serde::{Deserialize, Serialize};

/// A path, some of whose segments are parameters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PathPattern(Vec<Segment>);

/// Part of a path, between two slashes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Segment {
    /// As it is.
    Literal(Box<str>),
    /// Anything.
    Parameter(Box<str>),
}

/// A method and a path.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct HttpPattern {
    /// The method.
    pub method: Method,
    /// The path.
    pub path: PathPattern,
}

/// A service and a path of its own.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct ServicePath {
    /// As the resolver knows it.
    pub service: String,
    /// The method, where the door does not say.
    pub method: Option<Method>,
    /// The path.
    pub path: PathPattern,
}

impl PathPattern {
    /// The pattern that reads `text`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let rest = text.strip_prefix('/').ok_or_else(|| format!("`{text}` should begin with a slash"))?;
        rest.split('/').map(|segment| Segment::parse(segment, text)).collect::<Result<_, _>>().map(Self)
    }

    /// `/<name>`.
    pub fn named(name: &str) -> Self {
        Self(vec![Segment::Literal(name.into())])
    }

    /// With a parameter at its end.
    #[must_use]
    pub fn and_parameter(mut self, name: &str) -> Self {
        self.0.push(Segment::Parameter(name.into()));
        self
    }

    /// With the parameters' values in order, `values`, as they stand in a path.
    pub fn fill<'a>(&self, values: impl IntoIterator<Item = &'a str>) -> String {
        let mut values = values.into_iter();
        self.0.iter().fold(String::new(), |path, segment| match segment {
            Segment::Literal(text) => path + "/" + text,
            Segment::Parameter(_) => path + "/" + values.next().unwrap_or_default(),
        })
    }

    /// Its segments.
    pub fn segments(&self) -> &[Segment] {
        &self.0
    }

    /// The names of its parameters, in order.
    pub fn parameters(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|segment| match segment {
            Segment::Parameter(name) => Some(&**name),
            Segment::Literal(_) => None,
        })
    }

    /// Itself, whatever the parameters are called: two patterns of one shape match the same paths.
    pub fn shape(&self) -> String {
        self.0.iter().fold(String::new(), |shape, segment| match segment {
            Segment::Literal(text) => shape + "/" + text,
            Segment::Parameter(_) => shape + "/{}",
        })
    }
}

impl Segment {
    fn parse(text: &str, whole: &str) -> Result<Self, String> {
        let wrong = |what: &str| Err(format!("`{whole}` has {what}"));
        let name = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        match name {
            Some(name) if !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_') => {
                Ok(Self::Parameter(name.into()))
            }
            Some(_) => wrong("a parameter that is not a `{snake_case}` name"),
            None if text.is_empty() => wrong("an empty segment"),
            None if text.bytes().all(plain) => Ok(Self::Literal(text.into())),
            None => wrong("a segment with characters that a path should not have"),
        }
    }
}

impl fmt::Display for PathPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|segment| match segment {
            Segment::Literal(text) => write!(f, "/{text}"),
            Segment::Parameter(name) => write!(f, "/{{{name}}}"),
        })
    }
}

impl TryFrom<String> for HttpPattern {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let parts = text.split_once(' ').ok_or_else(|| format!("`{text}` should be a method and a path"))?;
        let method = parts.0.parse::<Method>().ok().filter(|_| METHODS.contains(&parts.0));
        let method = method.ok_or_else(|| format!("`{}` is none of {}", parts.0, METHODS.join(", ")))?;
        Ok(Self { method, path: PathPattern::parse(parts.1)? })
    }
}

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

impl TryFrom<String> for ServicePath {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let parts = text.split_once(' ').ok_or_else(|| format!("`{text}` should be a service and a path"))?;
        let service = parts.0.to_owned();
        if parts.1.contains(' ') {
            let HttpPattern { method, path } = parts.1.to_owned().try_into()?;
            return Ok(Self { service, method: Some(method), path });
        }
        Ok(Self { service, method: None, path: PathPattern::parse(parts.1)? })
    }
}

impl From<HttpPattern> for String {
    fn from(pattern: HttpPattern) -> Self {
        pattern.to_string()
    }
}

impl From<ServicePath> for String {
    fn from(path: ServicePath) -> Self {
        let method = path.method.map_or_else(String::new, |method| format!("{method} "));
        format!("{} {method}{}", path.service, path.path)
    }
}

impl fmt::Display for HttpPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}
