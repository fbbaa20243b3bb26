//! One flag for each fact.

use clap::builder::{PossibleValuesParser, ValueParser};
use clap::{Arg, ArgMatches, Args, Command, FromArgMatches};
use eligibility::facts::{FactName, Facts, OsVersion};

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
        for fact in FactName::ALL {
            if let Some(texts) = matches.get_many::<String>(fact.as_str()) {
                let invalid = |error| clap::Error::raw(clap::error::ErrorKind::InvalidValue, error);
                let text = texts.map(String::as_str).collect::<Vec<_>>().join(",");
                self.0.set(*fact, fact.parse_fact(&text, ',').map_err(invalid)?);
            }
        }
        Ok(())
    }
}

impl Args for FactArguments {
    fn augment_args(command: Command) -> Command {
        FactName::ALL.iter().fold(command, |command, fact| command.arg(flag(*fact)))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

fn flag(fact: FactName) -> Arg {
    let parser: ValueParser = if fact == FactName::OsVersion {
        // The text is kept, so that every fact is read through the same door; parsing it here
        // gives an error that names the flag.
        ValueParser::from(|text: &str| text.parse::<OsVersion>().map(|_| text.to_owned()))
    } else {
        PossibleValuesParser::new(fact.choices()).into()
    };
    let argument = Arg::new(fact.as_str())
        .long(fact.as_str())
        .value_parser(parser)
        .help(help(fact))
        .help_heading("Facts (not given: unknown; several values: one of them)");
    if fact == FactName::OsVersion {
        argument.value_name("VERSION")
    } else {
        argument.value_name("VALUE[,VALUE]").value_delimiter(',')
    }
}

fn help(fact: FactName) -> &'static str {
    match fact {
        FactName::Platform => "The operating system family",
        FactName::Management => "How the device is managed",
        FactName::OsVersion => "The operating system version, one to four numbers",
        FactName::Ownership => "Who owns the device",
        FactName::Supervised => "Apple: whether it is supervised",
        FactName::Encrypted => "Whether the storage is encrypted",
        FactName::PasscodeRequired => "Whether a configuration policy demands a passcode",
        FactName::PasscodeSet => "Whether the user has set a passcode",
        FactName::ResetToken => "Android: the reset password token",
        FactName::UnlockToken => "Apple: the UnlockToken that the server holds",
        FactName::ManagementState => "What Intune is about to do with the device",
        FactName::AzureAdJoined => "Windows: whether it is joined to Azure AD",
    }
}
