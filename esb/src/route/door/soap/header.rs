//! The header of an envelope: under which name the message goes, who sends it, and what has to be understood.

use chassis::{Failure, Kind};
use chrono::{DateTime, Utc};
use transform::{Element, Walk};

use super::envelope::SOAP;
use super::fault::Trouble;
use crate::settings::Credentials;

/// WS-Addressing 1.0.
pub(super) const WSA: &str = "http://www.w3.org/2005/08/addressing";
const ANONYMOUS: &str = "http://www.w3.org/2005/08/addressing/anonymous";
/// WS-Security 1.0 and 1.1.
const WSSE: &str = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
const WSU: &str = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";
const PASSWORD_TEXT: &str =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordText";
/// The first who can do it is to do it: that is us.
const NEXT: &str = "http://schemas.xmlsoap.org/soap/actor/next";

/// What is understood of a header.
#[derive(Debug, Default)]
pub(super) struct Header {
    /// `wsa:MessageID`.
    pub(super) message_id: Option<String>,
    /// `wsa:Action`.
    pub(super) action: Option<String>,
    /// Of the `UsernameToken`.
    pub(super) sender: Option<Credentials>,
    /// When the message is no longer good.
    expires: Option<DateTime<Utc>>,
    /// The first block that had to be understood, and is not.
    strange: Option<String>,
}

impl Header {
    /// The header that was entered last, to its end.
    pub(super) fn read(walk: &mut Walk<'_>) -> Result<Self, Trouble> {
        let mut header = Self::default();
        while let Some(block) = walk.child()? {
            header.block(walk, &block)?;
        }
        Ok(header)
    }

    /// Fails where something had to be understood, or was good until before `now`.
    pub(super) fn check(&self, now: DateTime<Utc>) -> Result<(), Trouble> {
        if let Some(name) = &self.strange {
            return Err(Trouble::not_understood(name));
        }
        if self.expires.is_some_and(|expires| expires <= now) {
            let detail = "the message has expired, says its `wsu:Timestamp`: send a new one, and look at your clock";
            return Err(Failure::new(Kind::Malformed, "message-expired", detail).into());
        }
        Ok(())
    }

    fn block(&mut self, walk: &mut Walk<'_>, block: &Element<'_>) -> Result<(), Trouble> {
        let actor = block.attribute(SOAP, "actor").unwrap_or_default();
        if !actor.is_empty() && actor != NEXT {
            return Ok(walk.to_end()?);
        }
        let must = match block.attribute(SOAP, "mustUnderstand") {
            Some("1" | "true") => Must::Understand,
            None | Some("0" | "false") => Must::Nothing,
            Some(_) => return Err(walk.refuse(block.at, "mustUnderstand is `0` or `1`").into()),
        };
        let understood = match (&*block.namespace, block.local) {
            (WSSE, "Security") => self.security(walk)?,
            (WSA, "MessageID") => text(walk, block, &mut self.message_id)?,
            (WSA, "Action") => text(walk, block, &mut self.action)?,
            (WSA, "To") => skip(walk)?,
            (WSA, "ReplyTo") => anonymous(walk)?,
            _ => skip(walk).map(|_| Understood::No)?,
        };
        if must == Must::Understand && understood == Understood::No && self.strange.is_none() {
            self.strange = Some(block.local.to_owned());
        }
        Ok(())
    }

    /// Nothing in it is passed over: who signs a message wants the signature checked.
    fn security(&mut self, walk: &mut Walk<'_>) -> Result<Understood, Trouble> {
        while let Some(part) = walk.child()? {
            match (&*part.namespace, part.local) {
                (WSSE, "UsernameToken") if self.sender.is_none() => self.sender = Some(sender(walk)?),
                (WSU, "Timestamp") => self.timestamp(walk)?,
                _ => {
                    return Err(unsupported(&format!("one UsernameToken is wanted, here is `{}`", part.local)));
                }
            }
        }
        Ok(Understood::Yes)
    }

    fn timestamp(&mut self, walk: &mut Walk<'_>) -> Result<(), Trouble> {
        while let Some(part) = walk.child()? {
            let text = walk.text()?;
            if part.is(WSU, "Expires") {
                let expires = DateTime::parse_from_rfc3339(text.trim());
                let expires = expires.map_err(|_no_time| walk.refuse(part.at, "`wsu:Expires` is no time in UTC"))?;
                let expires = expires.to_utc();
                self.expires = Some(self.expires.map_or(expires, |other| other.min(expires)));
            }
        }
        Ok(())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Must {
    Understand,
    Nothing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Understood {
    Yes,
    No,
}

fn skip(walk: &mut Walk<'_>) -> Result<Understood, Trouble> {
    walk.to_end()?;
    Ok(Understood::Yes)
}

/// A block that is a text, and is there once.
fn text(walk: &mut Walk<'_>, block: &Element<'_>, place: &mut Option<String>) -> Result<Understood, Trouble> {
    let text = walk.text()?.trim().to_owned();
    if place.replace(text).is_some() {
        return Err(walk.refuse(block.at, format!("there is a second `{}`", block.local)).into());
    }
    Ok(Understood::Yes)
}

/// Answers go back the way the question came, and nowhere else.
fn anonymous(walk: &mut Walk<'_>) -> Result<Understood, Trouble> {
    let mut understood = Understood::No;
    while let Some(part) = walk.child()? {
        if part.is(WSA, "Address") {
            understood = if walk.text()?.trim() == ANONYMOUS { Understood::Yes } else { Understood::No };
        } else {
            walk.to_end()?;
        }
    }
    Ok(understood)
}

fn sender(walk: &mut Walk<'_>) -> Result<Credentials, Trouble> {
    let (mut id, mut secret) = (None, None);
    while let Some(part) = walk.child()? {
        let twice = match (&*part.namespace, part.local) {
            (WSSE, "Username") => id.replace(walk.text()?.trim().to_owned()).is_some(),
            (WSSE, "Password") => {
                if part.attribute("", "Type").is_some_and(|kind| kind.trim() != PASSWORD_TEXT) {
                    return Err(unsupported("a digest can't be compared with a secret that is stored hashed"));
                }
                secret.replace(walk.text()?).is_some()
            }
            _ => {
                walk.to_end()?;
                false
            }
        };
        if twice {
            return Err(walk.refuse(part.at, format!("there is a second `{}`", part.local)).into());
        }
    }
    let (Some(id), Some(secret)) = (id, secret) else {
        return Err(unsupported("the UsernameToken holds no Username, or no Password"));
    };
    Ok(Credentials { id, secret: secret.into() })
}

fn unsupported(why: &str) -> Trouble {
    let detail = format!("{why}: send a UsernameToken with a PasswordText, or HTTP's `Authorization`");
    Failure::new(Kind::Malformed, "unsupported-security", detail).into()
}
