//! Which route takes a request: a tree of path segments, the most specific first.

use ::http::Method;

use super::pattern::{HttpPattern, Segment};

/// Paths to whatever is kept for them.
#[derive(Debug)]
pub struct Table<T>(Node<T>);

#[derive(Debug)]
struct Node<T> {
    literals: Vec<(Box<str>, Self)>,
    parameter: Option<Box<Self>>,
    ends: Vec<(Method, T)>,
}

/// What takes a request.
#[derive(Debug, PartialEq, Eq)]
pub enum Found<'t, 'p, T> {
    /// This, with the values of its parameters in order, as they stand in the path.
    Route(&'t T, Vec<&'p str>),
    /// Nothing with this method, only with these.
    Methods(Vec<&'t Method>),
    /// Nothing.
    Nothing,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self(Node::default())
    }
}

impl<T> Default for Node<T> {
    fn default() -> Self {
        Self { literals: Vec::new(), parameter: None, ends: Vec::new() }
    }
}

impl<T> Table<T> {
    /// Keeps `what` for this pattern.
    pub fn insert(&mut self, pattern: &HttpPattern, what: T) {
        let mut node = &mut self.0;
        for segment in pattern.path.segments() {
            node = match segment {
                Segment::Literal(text) => node.literal(text),
                Segment::Parameter(_) => node.parameter.get_or_insert_default(),
            };
        }
        node.ends.push((pattern.method.clone(), what));
    }

    /// What takes `method path`. GET takes HEAD, too.
    pub fn find<'t, 'p>(&'t self, method: &Method, path: &'p str) -> Found<'t, 'p, T> {
        let wanted = if method == Method::HEAD { &Method::GET } else { method };
        let Some(rest) = path.strip_prefix('/') else { return Found::Nothing };
        let mut search = Search { method: wanted, values: Vec::new(), others: Vec::new() };
        match search.within(&self.0, Some(rest)) {
            Some(found) => Found::Route(found, search.values),
            None if search.others.is_empty() => Found::Nothing,
            None => Found::Methods(search.others),
        }
    }
}

impl<T> Node<T> {
    fn literal(&mut self, text: &str) -> &mut Self {
        let place = self.literals.binary_search_by(|(other, _)| (**other).cmp(text));
        let place = place.unwrap_or_else(|place| {
            self.literals.insert(place, (text.into(), Self::default()));
            place
        });
        #[expect(clippy::indexing_slicing, reason = "found, or inserted, the line above")]
        &mut self.literals[place].1
    }

    fn child(&self, text: &str) -> Option<&Self> {
        let place = self.literals.binary_search_by(|(other, _)| (**other).cmp(text)).ok()?;
        self.literals.get(place).map(|(_, node)| node)
    }
}

struct Search<'t, 'p, 'm> {
    method: &'m Method,
    values: Vec<&'p str>,
    others: Vec<&'t Method>,
}

impl<'t, 'p> Search<'t, 'p, '_> {
    fn within<T>(&mut self, node: &'t Node<T>, rest: Option<&'p str>) -> Option<&'t T> {
        let Some(rest) = rest else { return self.end(node) };
        let (segment, rest) = rest.split_once('/').map_or((rest, None), |(segment, rest)| (segment, Some(rest)));
        if let Some(found) = node.child(segment).and_then(|child| self.within(child, rest)) {
            return Some(found);
        }
        let parameter = node.parameter.as_deref().filter(|_| is_value(segment))?;
        self.values.push(segment);
        let found = self.within(parameter, rest);
        if found.is_none() {
            self.values.pop();
        }
        found
    }

    fn end<T>(&mut self, node: &'t Node<T>) -> Option<&'t T> {
        let found = node.ends.iter().find(|(method, _)| method == self.method);
        if found.is_none() {
            // A literal and a parameter may both have it.
            let methods = node.ends.iter().map(|(method, _)| method).filter(|method| !self.others.contains(method));
            let methods = methods.collect::<Vec<_>>();
            self.others.extend(methods);
        }
        found.map(|(_, what)| what)
    }
}

/// What may stand for a parameter. A value goes into another path, so it may neither be, nor hide, a way out of its
/// segment: no dot segments, no slashes, not even encoded ones.
pub(super) fn is_value(segment: &str) -> bool {
    let mut bytes = segment.bytes();
    let mut dots = !segment.is_empty();
    while let Some(byte) = bytes.next() {
        let decoded = match byte {
            b'%' => {
                let digits = (bytes.next().and_then(hex), bytes.next().and_then(hex));
                let (Some(high), Some(low)) = digits else { return false };
                high * 16 + low
            }
            byte if byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@".contains(&byte) => byte,
            _ => return false,
        };
        if decoded.is_ascii_control() || matches!(decoded, b'/' | b'\\' | b'%') {
            return false;
        }
        dots &= decoded == b'.';
    }
    !segment.is_empty() && !dots
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(patterns: &[&str]) -> Table<String> {
        let mut table = Table::default();
        for pattern in patterns {
            table.insert(&HttpPattern::try_from((*pattern).to_owned()).unwrap(), (*pattern).to_owned());
        }
        table
    }

    fn found(table: &Table<String>, method: &Method, path: &str) -> String {
        match table.find(method, path) {
            Found::Route(route, values) => format!("{route} [{}]", values.join(" ")),
            Found::Methods(methods) => format!("{methods:?}"),
            Found::Nothing => "nothing".to_owned(),
        }
    }

    #[test]
    fn the_most_specific_route_takes_a_request() {
        let table =
            table(&["GET /customers/{id}", "GET /customers/me", "PATCH /customers/{id}", "GET /customers/{id}/x"]);
        assert_eq!(found(&table, &Method::GET, "/customers/me"), "GET /customers/me []");
        assert_eq!(found(&table, &Method::GET, "/customers/7"), "GET /customers/{id} [7]");
        assert_eq!(found(&table, &Method::GET, "/customers/me/x"), "GET /customers/{id}/x [me]");
        assert_eq!(found(&table, &Method::PATCH, "/customers/me"), "PATCH /customers/{id} [me]");
        assert_eq!(found(&table, &Method::HEAD, "/customers/7"), "GET /customers/{id} [7]");
    }

    #[test]
    fn a_known_path_with_another_method_says_which_there_are() {
        let table = table(&["GET /orders", "POST /orders"]);
        assert_eq!(found(&table, &Method::DELETE, "/orders"), "[GET, POST]");
        let table = self::table(&["GET /customers/me", "GET /customers/{id}", "PATCH /customers/{id}"]);
        assert_eq!(found(&table, &Method::PUT, "/customers/me"), "[GET, PATCH]", "each once");
    }

    #[test]
    fn no_value_leads_out_of_its_segment() {
        let table = table(&["GET /orders/{id}", "GET /orders/{id}/placement"]);
        for path in [
            "/orders/",
            "/orders/..",
            "/orders/.",
            "/orders/%2e%2E",
            "/orders/a%2fb",
            "/orders/a%5cb",
            "/orders/a\\b",
            "//orders/1",
            "/orders/%00",
            "/orders/%zz",
            "/orders/%2",
            "/orders/../placement",
            "/orders/%252e",
            "/orders/1/",
        ] {
            assert_eq!(found(&table, &Method::GET, path), "nothing", "{path}");
        }
        assert_eq!(found(&table, &Method::GET, "/orders/a%20b.c"), "GET /orders/{id} [a%20b.c]");
    }
}
