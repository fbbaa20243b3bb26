//! A device for a transport: bytes of check-ins and reports out, bytes of orders in.
//!
//! A [`Client`] is a simulated device without its server. Whatever has or is a server carries the bytes:
//! `examples/over_http.rs` does it over HTTP.

use chrono::{DateTime, Utc};

use super::Context;
use super::answer::Answer;
use super::call::Call;
use super::commands;
use super::enrolment::EnrolmentState;
use super::phone::{Phone, Session};
use super::setup::Setup;
use super::wire::{Command, Message, Order, Report, Status, WireError};
use crate::model::Rng;

/// The reason that a device does not answer a message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClientError {
    /// The bytes are no message.
    #[error(transparent)]
    Wire(#[from] WireError),
    /// The command exists at Apple, and nothing here simulates it.
    #[error("the command `{0}` is not simulated")]
    NotSimulated(String),
    /// The device has no connection.
    #[error("the device is out of reach")]
    OutOfReach,
    /// The device is not enrolled.
    #[error("the device is not enrolled")]
    NotEnrolled,
}

/// A simulated device that talks to a server by bytes.
///
/// ```
/// use chrono::DateTime;
/// use device_sim::apple::wire::{CheckIn, Message};
/// use device_sim::apple::{Client, Platform, Setup};
///
/// let mut setup = Setup::new(Platform::Ios);
/// setup.enrolled = false;
/// let now = DateTime::UNIX_EPOCH;
/// let mut client = Client::new(&setup, now);
/// let bytes = client.authenticate(now).expect("a network is there");
/// let message = CheckIn::from_bytes(&bytes).expect("a check-in");
/// assert_eq!(message.message_type(), "Authenticate");
/// ```
#[derive(Debug)]
pub struct Client {
    phone: Phone,
    rng: Rng,
    /// The scheduled calls, by their times.
    later: Vec<(DateTime<Utc>, Call)>,
}

impl Client {
    /// Returns the device of a setup at a moment.
    pub fn new(setup: &Setup, now: DateTime<Utc>) -> Self {
        let phone = setup.build(now).phone().clone();
        Self { phone, rng: Rng::new(1, 0), later: Vec::new() }
    }

    /// Returns the device.
    pub fn phone(&self) -> &Phone {
        &self.phone
    }

    /// Applies an action of the user, or of time, to the device; a call for a server does nothing.
    pub fn act(&mut self, call: &Call, now: DateTime<Utc>) -> Answer {
        self.pass_time(now);
        let answer = self.within(now, |phone, context| phone.handle(call, context));
        answer.unwrap_or(Answer::Happened)
    }

    /// Lets time pass, with the events that are due: prompts, the end of the hour, restarts.
    pub(crate) fn pass_time(&mut self, now: DateTime<Utc>) {
        while let Some(next) = self.later.iter().map(|(at, _)| *at).min().filter(|at| *at <= now) {
            let place = self.later.iter().position(|(at, _)| *at == next).unwrap_or(0);
            let (_, call) = self.later.remove(place);
            self.within(next, |phone, context| match call {
                Call::ReturnToService => phone.set_up(context),
                call => {
                    phone.handle(&call, context);
                }
            });
        }
    }

    /// Begins an enrolment, be it again: `Authenticate`. An erased device is set up first.
    ///
    /// # Errors
    ///
    /// [`ClientError::OutOfReach`] if the device has no connection.
    pub fn authenticate(&mut self, now: DateTime<Utc>) -> Result<Vec<u8>, ClientError> {
        self.pass_time(now);
        self.within(now, Phone::set_up);
        self.reach()?;
        Ok(self.phone.authenticate().to_xml())
    }

    /// Ends an enrolment that the server has agreed to: `TokenUpdate` with the unlock token.
    ///
    /// # Errors
    ///
    /// [`ClientError`] if the device has no connection, or has not begun an enrolment.
    pub fn token_update(&mut self, now: DateTime<Utc>) -> Result<Vec<u8>, ClientError> {
        self.pass_time(now);
        self.reach()?;
        match self.phone.enrolment {
            EnrolmentState::Authenticated => Ok(self.phone.first_token_update().to_xml()),
            _ => Err(ClientError::NotEnrolled),
        }
    }

    /// Opens a session, as after a push: a report that the device is idle.
    ///
    /// # Errors
    ///
    /// [`ClientError`] if the device has no connection, or is not enrolled.
    pub fn idle(&mut self, now: DateTime<Utc>) -> Result<Vec<u8>, ClientError> {
        self.pass_time(now);
        self.reach()?;
        if self.phone.enrolment != EnrolmentState::Enrolled {
            return Err(ClientError::NotEnrolled);
        }
        Ok(Report::idle(self.phone.identity()).to_xml())
    }

    /// Carries an order out, or refuses it; returns the report.
    ///
    /// # Errors
    ///
    /// [`ClientError`] if the bytes are no order, the command is not simulated, or the device has
    /// no connection.
    pub fn obey(&mut self, order: &[u8], now: DateTime<Utc>) -> Result<Vec<u8>, ClientError> {
        self.pass_time(now);
        self.reach()?;
        let order = Order::from_bytes(order)?;
        if let Command::Other(name) = &order.command
            && commands::NOT_SIMULATED.contains(&name.as_str())
        {
            return Err(ClientError::NotSimulated(name.clone()));
        }
        let report = self.within(now, |phone, context| phone.execute(&order, context));
        self.phone.session = match report.status {
            Status::NotNow => Session::WaitingAfterNotNow,
            _ => Session::Quiet,
        };
        Ok(report.to_xml())
    }

    /// Begins to fetch the declarations, after a command `DeclarativeManagement`: the first
    /// check-in.
    pub fn fetch_declarations(&mut self) -> Vec<u8> {
        self.phone.begin_sync().to_xml()
    }

    /// Takes the server's answer to a check-in of declarative management; returns the next one, or
    /// nothing when all is fetched.
    ///
    /// # Errors
    ///
    /// [`ClientError::Wire`] if the bytes are not the answer.
    pub fn take_declarative(
        &mut self,
        answer: &[u8],
        now: DateTime<Utc>,
    ) -> Result<Option<Vec<u8>>, ClientError> {
        let next = self.within(now, |phone, context| phone.continue_sync(answer, context))?;
        Ok(next.map(|check_in| check_in.to_xml()))
    }

    /// Returns the check-ins that the device sends by itself: of a changed unlock token, and of a
    /// changed status.
    pub fn check_ins(&mut self, now: DateTime<Utc>) -> Vec<Vec<u8>> {
        self.pass_time(now);
        if !self.phone.is_reachable() || self.phone.enrolment != EnrolmentState::Enrolled {
            return Vec::new();
        }
        let unsent = self.phone.has_unsent_token();
        let token = unsent.then(|| self.phone.changed_token_update());
        let status = self.phone.report_status(now);
        token.into_iter().chain(status).map(|check_in| check_in.to_xml()).collect()
    }

    fn reach(&self) -> Result<(), ClientError> {
        if self.phone.is_reachable() { Ok(()) } else { Err(ClientError::OutOfReach) }
    }

    fn within<R>(
        &mut self,
        now: DateTime<Utc>,
        act: impl FnOnce(&mut Phone, &mut Context<'_>) -> R,
    ) -> R {
        let mut context = Context::new(now, &mut self.rng);
        let result = act(&mut self.phone, &mut context);
        let (later, _) = context.finish();
        self.later.extend(later.into_iter().map(|(delay, call)| (now + delay, call)));
        result
    }
}
