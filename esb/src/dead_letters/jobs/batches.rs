//! Batches that grow: what is wrong shows on few before many have gone.

/// How much a batch grows where nothing is said.
const GROWTH: i64 = 10;

/// Where the batch that begins at `place` or holds it ends, and whether one begins there. The last size given is
/// repeated; without any they grow tenfold.
pub(super) fn batch(sizes: &[i64], place: i64) -> (i64, Edge) {
    let (mut end, mut number, mut size) = (0_i64, 0_usize, 1_i64);
    loop {
        let begin = end;
        size = match sizes.get(number) {
            Some(given) => *given,
            None if sizes.is_empty() && number > 0 => size.saturating_mul(GROWTH),
            None => size,
        };
        end = end.saturating_add(size.max(1));
        number += 1;
        if end > place {
            return (end, if begin == place { Edge::Begins } else { Edge::Within });
        }
    }
}

/// Whether a place is the first of its batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Edge {
    /// It is.
    Begins,
    /// It is not.
    Within,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_grow_tenfold_or_as_they_are_told() {
        assert_eq!(batch(&[], 0), (1, Edge::Begins));
        assert_eq!(batch(&[], 1), (11, Edge::Begins));
        assert_eq!(batch(&[], 10), (11, Edge::Within));
        assert_eq!(batch(&[], 11), (111, Edge::Begins));
        assert_eq!(batch(&[], 100_000), (111_111, Edge::Within));
        assert_eq!(batch(&[2, 5], 2), (7, Edge::Begins));
        assert_eq!(batch(&[2, 5], 13), (17, Edge::Within));
        assert_eq!(batch(&[0], 0), (1, Edge::Begins));
    }
}
