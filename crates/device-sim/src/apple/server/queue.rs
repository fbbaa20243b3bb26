//! The commands that wait, as a linked list, as `NanoMDM`'s key-value storage keeps them.

use std::collections::BTreeMap;

use crate::apple::wire::{Command, CommandUuid, Order};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Entry {
    order: Order,
    not_now: bool,
    next: Option<CommandUuid>,
}

/// A queue of commands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Queue {
    entries: BTreeMap<CommandUuid, Entry>,
    head: Option<CommandUuid>,
    tail: Option<CommandUuid>,
    /// The tail, when it is unlinked, stays the successor of the one before it.
    keeps_link: bool,
}

impl Queue {
    pub(super) const fn new(keeps_link: bool) -> Self {
        Self { entries: BTreeMap::new(), head: None, tail: None, keeps_link }
    }

    pub(super) fn clear(&mut self) {
        *self = Self::new(self.keeps_link);
    }

    pub(super) fn enqueue(&mut self, order: Order) {
        let uuid = order.uuid.clone();
        let last = self.tail.replace(uuid.clone());
        match last.and_then(|last| self.entries.get_mut(&last)) {
            Some(last) => last.next = Some(uuid.clone()),
            None => self.head = Some(uuid.clone()),
        }
        self.entries.insert(uuid, Entry { order, not_now: false, next: None });
    }

    /// Returns the commands in their order.
    fn linked(&self) -> impl Iterator<Item = &Entry> {
        let first = self.head.as_ref().and_then(|uuid| self.entries.get(uuid));
        std::iter::successors(first, |entry| self.entries.get(entry.next.as_ref()?))
    }

    /// Returns the oldest command, or the oldest that was not refused.
    pub(super) fn next(&self, skip_refused: bool) -> Option<Order> {
        let mut wanted = self.linked().filter(|entry| !(skip_refused && entry.not_now));
        wanted.next().map(|entry| entry.order.clone())
    }

    pub(super) fn refuse(&mut self, uuid: &CommandUuid) {
        if let Some(entry) = self.entries.get_mut(uuid) {
            entry.not_now = true;
        }
    }

    /// Takes a finished command out; one that is not in the list is no matter.
    pub(super) fn finish(&mut self, uuid: &CommandUuid) {
        if !self.linked().any(|entry| entry.order.uuid == *uuid) {
            return;
        }
        let before = self.linked().find(|entry| entry.next.as_ref() == Some(uuid));
        let before = before.map(|entry| entry.order.uuid.clone());
        let next = self.entries.get(uuid).and_then(|entry| entry.next.clone());
        let is_tail = next.is_none();
        let mut linked_still = false;
        match before.as_ref().and_then(|before| self.entries.get_mut(before)) {
            Some(_) if is_tail && self.keeps_link => linked_still = true,
            Some(entry) => entry.next = next,
            None => self.head = next,
        }
        if is_tail {
            self.tail = before;
        }
        if !linked_still {
            self.entries.remove(uuid);
        }
    }

    pub(super) fn waiting(&self) -> usize {
        self.linked().count()
    }

    pub(super) fn count(&self, wanted: impl Fn(&Command) -> bool) -> usize {
        self.linked().filter(|entry| wanted(&entry.order.command)).count()
    }

    /// Takes out the oldest unfinished commands.
    pub(super) fn remove(&mut self, at_most: usize, unwanted: impl Fn(&Command) -> bool) {
        let linked = self.linked().filter(|entry| unwanted(&entry.order.command)).take(at_most);
        let uuids: Vec<_> = linked.map(|entry| entry.order.uuid.clone()).collect();
        for uuid in &uuids {
            self.finish(uuid);
        }
    }

    pub(super) fn holds(&self, wanted: impl Fn(&Command) -> bool) -> bool {
        self.linked().any(|entry| wanted(&entry.order.command))
    }

    /// Returns the unfinished command with an identifier.
    pub(super) fn command(&self, uuid: &CommandUuid) -> Option<&Command> {
        self.entries.get(uuid).map(|entry| &entry.order.command)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn queue(keeps_link: bool) -> Queue {
        let mut queue = Queue::new(keeps_link);
        for number in 1..=3 {
            let uuid = CommandUuid::numbered(number);
            queue.enqueue(Order { uuid, command: Command::SecurityInfo });
        }
        queue
    }

    fn next(queue: &Queue, skip: bool) -> u32 {
        let found = queue.next(skip).map(|order| order.uuid);
        (1..=4).find(|number| found == Some(CommandUuid::numbered(*number))).unwrap_or(0)
    }

    #[test]
    fn refused_commands_are_skipped_only_after_a_refusal() {
        let mut queue = queue(false);
        queue.refuse(&CommandUuid::numbered(1));
        assert_eq!((next(&queue, true), next(&queue, false)), (2, 1));
    }

    #[test]
    fn a_finished_tail_comes_again_only_with_the_bug() {
        for (keeps_link, again) in [(false, 0), (true, 3)] {
            let mut queue = queue(keeps_link);
            for number in [3, 1, 2] {
                queue.finish(&CommandUuid::numbered(number));
            }
            assert_eq!(next(&queue, false), again);
            queue.finish(&CommandUuid::numbered(3));
            assert_eq!((next(&queue, false), queue.waiting()), (0, 0));
            assert_eq!((&queue.head, &queue.tail), (&None, &None));
        }
    }

    #[test]
    fn a_new_command_takes_the_place_of_the_wrong_link() {
        let mut queue = queue(true);
        queue.finish(&CommandUuid::numbered(3));
        let uuid = CommandUuid::numbered(4);
        queue.enqueue(Order { uuid, command: Command::ProfileList });
        for number in [1, 2] {
            queue.finish(&CommandUuid::numbered(number));
        }
        assert_eq!(next(&queue, false), 4);
    }
}
