//! One flag for each fact.

use clap::builder::{PossibleValuesParser, ValueParser};
use clap::{Arg, ArgMatches, Args, Command, FromArgMatches};
use eligibility::facts::{Fact, FactKind, Facts, OsVersion};

/// The facts that were given; the others are unknown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FactArguments(pub(crate) Facts);

impl FromArgMatches for FactArguments {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut arguments = Self(Facts::default());
        arguments.update_from_arg_matches(matches)?;
        Ok(arguments)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        for kind in FactKind::ALL {
            if let Some(text) = matches.get_one::<String>(kind.as_str()) {
                let invalid = |error| clap::Error::raw(clap::error::ErrorKind::InvalidValue, error);
                let value = kind.parse(text).map_err(invalid)?;
                self.0.set(*kind, Fact::Known(value));
            }
        }
        Ok(())
    }
}

impl Args for FactArguments {
    fn augment_args(command: Command) -> Command {
        FactKind::ALL.iter().fold(command, |command, kind| command.arg(flag(*kind)))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

fn flag(kind: FactKind) -> Arg {
    let parser: ValueParser = if kind == FactKind::OsVersion {
        // The text is kept, so that every fact is read through the same door; parsing it here
        // gives an error that names the flag.
        ValueParser::from(|text: &str| text.parse::<OsVersion>().map(|_| text.to_owned()))
    } else {
        PossibleValuesParser::new(kind.choices()).into()
    };
    let value_name = if kind == FactKind::OsVersion { "VERSION" } else { "VALUE" };
    Arg::new(kind.as_str())
        .long(kind.as_str())
        .value_name(value_name)
        .value_parser(parser)
        .help(help(kind))
        .help_heading("Facts (a fact that is not given is unknown)")
}

fn help(kind: FactKind) -> &'static str {
    match kind {
        FactKind::Platform => "The operating system family",
        FactKind::Management => "How the device is managed",
        FactKind::OsVersion => "The operating system version, one to four numbers",
        FactKind::Ownership => "Who owns the device",
        FactKind::Supervised => "Apple: whether it is supervised",
        FactKind::Encrypted => "Whether the storage is encrypted",
        FactKind::PasscodeRequired => "Whether a configuration policy demands a passcode",
        FactKind::PasscodeSet => "Whether the user has set a passcode",
        FactKind::ResetToken => "Android: the reset password token",
        FactKind::UnlockToken => "Apple: the UnlockToken that the server holds",
        FactKind::ManagementState => "What Intune is about to do with the device",
        FactKind::AzureAdJoined => "Windows: whether it is joined to Azure AD",
    }
}
