//! Where messages lie: the oldest goes when there is no more room.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use super::load::Content;
use super::passed::{Door, Message, Outcome};

/// A message beside its texts: pointers, numbers, the allocator's own.
const OVERHEAD: usize = 768;

/// A message on the shelf.
#[derive(Debug)]
pub struct Shelved {
    /// The later, the higher.
    pub number: u64,
    /// The message.
    pub message: Message,
    cost: usize,
}

/// Which messages.
#[derive(Debug, Clone, Default)]
pub struct Search {
    /// Of this route.
    pub route: Option<String>,
    /// By this door.
    pub door: Option<Door>,
    /// With this status.
    pub status: Option<u16>,
    /// With this outcome.
    pub outcome: Option<Outcome>,
    /// Of this request.
    pub request_id: Option<String>,
    /// Of this trace.
    pub trace_id: Option<String>,
    /// With this text in a body, the operation or the caller.
    pub text: Option<String>,
    /// Older than this number.
    pub before: Option<u64>,
    /// How many at most.
    pub limit: usize,
}

pub(super) struct Shelf {
    budget: usize,
    lying: Mutex<Lying>,
}

#[derive(Default)]
struct Lying {
    messages: VecDeque<Arc<Shelved>>,
    bytes: usize,
    number: u64,
}

impl Shelf {
    pub(super) fn new(budget: usize) -> Self {
        Self { budget, lying: Mutex::default() }
    }

    pub(super) fn put(&self, message: Message) {
        let cost = cost(&message);
        let mut lying = self.lying.lock().unwrap_or_else(PoisonError::into_inner);
        while lying.bytes + cost > self.budget {
            let Some(oldest) = lying.messages.pop_front() else { return };
            lying.bytes -= oldest.cost;
        }
        lying.number += 1;
        lying.bytes += cost;
        let number = lying.number;
        lying.messages.push_back(Arc::new(Shelved { number, message, cost }));
    }

    /// The youngest first; taken quickly, to be looked through at leisure.
    pub(super) fn snapshot(&self) -> Vec<Arc<Shelved>> {
        self.lying.lock().unwrap_or_else(PoisonError::into_inner).messages.iter().rev().cloned().collect()
    }
}

fn cost(message: &Message) -> usize {
    let summary = &message.summary;
    let texts = [&summary.route, &summary.operation, &summary.request_id, &summary.trace_id].map(String::capacity);
    let caller = summary.caller.as_ref().map_or(0, String::capacity);
    let body = |content: &Option<Content>| content.as_ref().map_or(0, |content| content.body.capacity());
    OVERHEAD + texts.iter().sum::<usize>() + caller + body(&message.request) + body(&message.answer)
}

impl Search {
    /// Whether it is one of those.
    pub fn matches(&self, shelved: &Shelved) -> bool {
        let summary = &shelved.message.summary;
        is(self.route.as_ref(), &summary.route)
            && is(self.door.as_ref(), &summary.door)
            && self.status.is_none_or(|status| summary.status == Some(status))
            && is(self.outcome.as_ref(), &summary.outcome)
            && is(self.request_id.as_ref(), &summary.request_id)
            && is(self.trace_id.as_ref(), &summary.trace_id)
            && self.before.is_none_or(|before| shelved.number < before)
            && self.text.as_ref().is_none_or(|text| shelved.holds(text))
    }
}

fn is<T: PartialEq>(wanted: Option<&T>, have: &T) -> bool {
    wanted.is_none_or(|wanted| wanted == have)
}

impl Shelved {
    fn holds(&self, text: &str) -> bool {
        let Message { summary, request, answer } = &self.message;
        let bodies = [request, answer].into_iter().flatten().map(|content| content.body.as_str());
        let names = [summary.operation.as_str(), summary.caller.as_deref().unwrap_or_default()];
        bodies.chain(names).any(|part| part.contains(text))
    }
}
