//! What each token makes the bank do.

use crate::domain::Token;

/// How the bank treats a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Behaviour {
    /// Takes the money and says so.
    Captures,
    /// Refuses, for this reason.
    Declines(&'static str),
    /// Takes the money, but keeps silent when asked first.
    CapturesInSilence,
    /// Answers with an error twice, then takes the money.
    Stumbles,
    /// Keeps silent twice, then takes the money.
    Forgets,
}

/// What the bank does with the charge at an ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    /// Nothing yet.
    Waits,
    /// Takes the money.
    Captures,
    /// Refuses for good.
    Declines(&'static str),
}

/// How the bank answers an ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// With what became of the charge.
    Answers,
    /// Not at all.
    Silent,
    /// With an error of its own.
    Fails,
}

/// The asks at which a difficult bank is still difficult.
const DIFFICULT_ASKS: i32 = 2;

impl Behaviour {
    pub(super) fn of(token: &Token) -> Self {
        match token.expose() {
            "tok_visa" | "tok_mastercard" => Self::Captures,
            "tok_declined" => Self::Declines("declined"),
            "tok_insufficient_funds" => Self::Declines("insufficient_funds"),
            "tok_timeout" => Self::CapturesInSilence,
            "tok_flaky" => Self::Stumbles,
            "tok_lost" => Self::Forgets,
            _ => Self::Declines("unknown_token"),
        }
    }

    /// What happens at the `ask`th ask, counted from 1.
    pub(super) fn at(self, ask: i32) -> (Deed, Manner) {
        let difficult = ask <= DIFFICULT_ASKS;
        match self {
            Self::Declines(reason) => (Deed::Declines(reason), Manner::Answers),
            Self::CapturesInSilence if ask == 1 => (Deed::Captures, Manner::Silent),
            Self::Stumbles if difficult => (Deed::Waits, Manner::Fails),
            Self::Forgets if difficult => (Deed::Waits, Manner::Silent),
            Self::Captures | Self::CapturesInSilence | Self::Stumbles | Self::Forgets => {
                (Deed::Captures, Manner::Answers)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asks(token: &str) -> Vec<(Deed, Manner)> {
        let behaviour = Behaviour::of(&Token::parse(token).unwrap());
        (1..=3).map(|ask| behaviour.at(ask)).collect()
    }

    #[test]
    fn each_token_behaves_as_it_is_called() {
        use {Deed::*, Manner::*};
        assert_eq!(asks("tok_visa"), [(Captures, Answers); 3]);
        assert_eq!(asks("tok_timeout"), [(Captures, Silent), (Captures, Answers), (Captures, Answers)]);
        assert_eq!(asks("tok_flaky"), [(Waits, Fails), (Waits, Fails), (Captures, Answers)]);
        assert_eq!(asks("tok_lost"), [(Waits, Silent), (Waits, Silent), (Captures, Answers)]);
        assert_eq!(asks("tok_nobody_knows"), [(Declines("unknown_token"), Answers); 3]);
    }
}
