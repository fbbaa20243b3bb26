//! Region M from both ends: who opens a connection and when, and the messages on it.
//!
//! Each exchange is an event of its own: the device says what it has to say, the server answers
//! with the next command, the device carries it out and has something to say again. Between two
//! exchanges anything can happen, a broken connection included.
//!
//! Source:
//! <https://developer.apple.com/documentation/devicemanagement/handling-notnow-status-responses>.

use chrono::TimeDelta;

use super::Context;
use super::Device;
use super::answer::{Answer, Answered};
use super::call::Call;
use super::enrolment::EnrolmentState;
use super::phone::Session;
use super::wire::{CheckIn, Command, Message, Order, Report, Status};
use crate::model::Viewer;

impl Device {
    /// Row 13: a connection is opened.
    pub(super) fn connect(&mut self, context: &mut Context<'_>) -> Answer {
        self.connecting = false;
        let enrolled = self.phone.enrolment == EnrolmentState::Enrolled;
        let idle = !matches!(self.phone.session, Session::Open(_));
        if !enrolled || !idle || !self.phone.is_reachable() {
            return Answer::Answered(Answered::NoConnection, "");
        }
        self.server.push_waits = false;
        let report = Report::idle(self.phone.identity());
        self.phone.session = Session::Open(Box::new(report));
        self.exchange(context)
    }

    /// Rows 14 to 16: the device reports, the server orders, the device carries out.
    pub(super) fn exchange(&mut self, context: &mut Context<'_>) -> Answer {
        let Session::Open(report) = std::mem::replace(&mut self.phone.session, Session::Quiet)
        else {
            return Answer::Answered(Answered::NoConnection, "");
        };
        if !self.phone.is_reachable() {
            return Answer::Answered(Answered::NoConnection, "");
        }
        let report = self.over_the_wire(*report);
        let known = self.server.shadow;
        let order = self.server.report(&report, context.now);
        if self.server.shadow != known {
            self.watch_compliance(context);
        }
        let Some(order) = order else {
            if report.status == Status::NotNow {
                self.phone.session = Session::WaitingAfterNotNow;
            }
            return Answer::Answered(Answered::Nothing, "");
        };
        let order = self.over_the_wire(order);
        let answer = self.carry_out(&order, context);
        let answered = Answered::from(answer.status);
        self.phone.session = Session::Open(Box::new(answer));
        context.after(self.latency(), Call::Exchange);
        Answer::Answered(answered, order.command.name().unwrap_or("an unknown command"))
    }

    /// Intune looks again when time alone will have made a difference.
    fn watch_compliance(&self, context: &mut Context<'_>) {
        for lapse in self.server.shadow.lapses(self.validity()).into_iter().flatten() {
            let delay = lapse - context.now;
            if delay >= TimeDelta::zero() {
                context.after(delay, Call::ComplianceLapses);
            }
        }
    }

    /// Carries out a command; a witness notes the fate of the passcode.
    fn carry_out(&mut self, order: &Order, context: &mut Context<'_>) -> Report {
        let had = self.phone.has_passcode();
        let answered_before = self.witness.was_answered(&order.uuid);
        let answer = self.phone.execute(order, context);
        if answered_before {
            context.note(Viewer::System, "a finished command arrived again");
        }
        let cleared = had && !self.phone.has_passcode();
        if answer.status != Status::NotNow {
            self.witness.saw(&order.uuid, cleared);
        }
        let fetches = order.command == Command::DeclarativeManagement;
        if fetches && answer.status == Status::Acknowledged {
            self.fetch_declarations(context);
        }
        answer
    }

    /// The device fetches its declarations by check-ins of its own.
    fn fetch_declarations(&mut self, context: &mut Context<'_>) {
        let mut question = Some(self.phone.begin_sync());
        while let Some(check_in) = question.take() {
            // A server and a device of the same house understand each other.
            let Some(answer) = self.ask_declarative(check_in, context) else { break };
            question = self.phone.continue_sync(&answer, context).unwrap_or_default();
        }
    }

    /// The device reports by itself what has changed, as soon as it can.
    pub(super) fn report_status(&mut self, context: &mut Context<'_>) {
        if self.phone.declarative.is_on
            && self.phone.is_reachable()
            && let Some(report) = self.phone.report_status(context.now)
        {
            self.ask_declarative(report, context);
        }
    }

    fn ask_declarative(&mut self, check_in: CheckIn, context: &Context<'_>) -> Option<Vec<u8>> {
        match self.over_the_wire(check_in) {
            CheckIn::DeclarativeManagement { endpoint, data, .. } => {
                let data = data.as_deref();
                self.server.answer_declarative(&endpoint, data, context.now).ok().flatten()
            }
            _ => None,
        }
    }

    /// Returns a message as the other side gets it: itself, or what its property list reads as.
    ///
    /// A message that does not read back as what was written breaks an invariant.
    pub(super) fn over_the_wire<M: Message + PartialEq>(&mut self, message: M) -> M {
        if self.through_plist {
            let read = M::from_bytes(&message.to_xml());
            self.unreadable |= read.as_ref() != Ok(&message);
        }
        message
    }

    pub(super) fn latency(&self) -> TimeDelta {
        TimeDelta::seconds(self.phone.parameters.latency_seconds.into())
    }

    /// Returns true if the device and its server are in contact, or will be without a check-in.
    pub(crate) fn contact_is_coming(&self) -> bool {
        let quiet = self.phone.session == Session::Quiet;
        self.connecting || self.server.push_waits || self.checks_in || !quiet
    }

    /// The server sends a push.
    pub(super) fn push(&mut self, context: &mut Context<'_>) {
        let expired = self.server.push_certificate_expired;
        if self.phone.enrolment != EnrolmentState::Enrolled || expired {
            return;
        }
        let reachable = self.phone.is_reachable();
        if reachable || self.phone.parameters.missed_push_arrives_later {
            self.server.push_waits = true;
        }
        self.come_if_called(context);
    }

    /// The device comes to its server: after a push that has reached it, or because its last
    /// answer was `NotNow` and the reason is gone.
    pub(super) fn come_if_called(&mut self, context: &mut Context<'_>) {
        let free = !self.connecting && !matches!(self.phone.session, Session::Open(_));
        let by_itself =
            self.phone.session == Session::WaitingAfterNotNow && !self.phone.is_locked_by_code();
        if free && self.phone.is_reachable() && (self.server.push_waits || by_itself) {
            self.connecting = true;
            context.after(self.latency(), Call::Connect);
        }
    }
}
