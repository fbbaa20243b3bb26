//! Choices where the sources are silent or disagree: each named, with a default.

use crate::model::parameter::parameters;

parameters! {
    wrong_token_code: u32 = 5013, "wrong-token-code", Choice,
        "the MCPasscodeErrorDomain code for a wrong or stale unlock token; undocumented, 5013 \
         means that the passcode cannot be cleared; its cause is MCKeybagErrorDomain 37001";
    clear_without_passcode_acknowledged: bool = true, "clear-without-passcode-acknowledged", Choice,
        "whether clearing a passcode that is not there is acknowledged; undocumented: true, as \
         nothing is left to do; false answers with the code of a wrong token";
    missing_right_code: u32 = 12000, "missing-right-code", Choice,
        "the MCMDMErrorDomain code for a command without its access right; undocumented, 12000 \
         (invalid access rights) or 12007 (not authorized)";
    clear_despite_blocked_modification: bool = true, "clear-despite-blocked-modification", Choice,
        "whether ClearPasscode passes under allowPasscodeModification = false; undocumented: true, \
         as the restriction is about the user";
    clear_restarts_clock: bool = true, "clear-restarts-clock", Choice,
        "whether clearing gives the user a fresh time of grace; undocumented: true; false keeps a \
         running clock, and forces at once where none runs";
    forbidding_simple_demands_six: bool = false, "forbidding-simple-demands-six", Inferred,
        "whether a payload that forbids simple passcodes demands six characters; one user of \
         Intune reports it (MicrosoftDocs/IntuneDocs issue 2181), nothing \
         else does: false";
    simple_run: u32 = 3, "simple-run", Choice,
        "how many equal, rising or falling characters in a row make a passcode simple; \
         undocumented: 3, as Apple's examples have 3 and 4";
    clear_before_first_unlock: bool = true, "clear-before-first-unlock", Inferred,
        "whether ClearPasscode succeeds between a start and the first unlock, where the network \
         is there; it is documented that the answer does not wait, not that it works; false \
         answers 5010 (device locked)";
    clear_when_disabled: bool = true, "clear-when-disabled", Inferred,
        "whether ClearPasscode helps a device that wrong passcodes have disabled for good; a \
         report of 2016 says no, testers of 2026 say yes; false answers with the code of a wrong \
         token";
    token_survives_passcode_change: bool = true, "token-survives-passcode-change", Inferred,
        "whether an unlock token clears a passcode that was set after it was handed out; true, \
         as tools that save it before there is a passcode rely on it";
    token_update_repeats_token: bool = false, "token-update-repeats-token", Documented,
        "whether a TokenUpdate after the first one carries the unlock token again; servers are \
         told to live with both";
    remembers_finished_commands: bool = true, "remembers-finished-commands", Choice,
        "whether a command that was finished and arrives again is answered again without a second \
         effect; undocumented: true";
    waiting_outlives_restart: bool = true, "waiting-outlives-restart", Choice,
        "whether a device that answered NotNow last still polls by itself when it was restarted \
         before the unlock; undocumented: true";
    missed_push_arrives_later: bool = true, "missed-push-arrives-later", Inferred,
        "whether a push to a device out of reach arrives when it is back; false means that only \
         the next push helps";
    letters_need_digits: bool = true, "letters-need-digits", Inferred,
        "whether a demand for letters demands a digit, too, in the payload as in the declaration; \
         Apple's texts differ: true for both";
    simple_needs_complex_before_16: bool = false, "simple-needs-complex-before-16", Inferred,
        "up to iOS 15 the schema said that forbidding simple passcodes equals one complex \
         character, which no device was seen to enforce; true takes the words at face value";
    history_counts_current: bool = true, "history-counts-current", Documented,
        "whether the passcode in use is one of the last ones that may not be used again; \
         Microsoft says so, one vendor not";
    unique_characters: u32 = 0, "unique-characters", Choice,
        "how many different characters a passcode must have; there is a code for the refusal \
         (5001) and no key that demands it: 0 demands nothing";
    grace_minutes: u32 = 60, "grace-minutes", Documented,
        "how long the user has to set a fitting passcode; documented by Apple";
    prompt_every_minutes: u32 = 15, "prompt-every-minutes", Documented,
        "how long after Later the prompt comes back in the middle of use; documented by Microsoft";
    delay_after_wrong_codes: u32 = 0, "delay-after-wrong-codes", Documented,
        "after how many wrong passcodes in a row the device makes the user wait; 0 as documented: \
         6 up to iOS 17 and from 27 on, 4 in between";
    delay_seconds: u32 = 0, "delay-seconds", Documented,
        "how long it makes them wait each time; 0 as documented: 1 minute, then 5, 15 and 60";
    disabled_after_wrong_codes: u32 = 10, "disabled-after-wrong-codes", Choice,
        "after how many wrong passcodes a device without a limit by policy is disabled for good; \
         the sources tell of such devices, not of the number";
    usb_adapters_need_unlock: bool = true, "usb-adapters-need-unlock", Documented,
        "whether a locked device refuses a wired network adapter where allowUSBRestrictedMode \
         is at its default; documented from iOS 11.4.1 on, one hour after the device was last \
         unlocked; before the first unlock: at once, which is undocumented";
    clear_in_lost_mode: bool = false, "clear-in-lost-mode", Inferred,
        "whether ClearPasscode is carried out in Lost Mode; Apple says never to send it to a lost \
         device, and has code 12078 for commands that are not valid there, without a list: false";
    clear_restrictions_needs_supervision: bool = false, "clear-restrictions-needs-supervision", Inferred,
        "whether an unsupervised iPhone refuses ClearRestrictionsPassword; the schema says so, \
         but the one public report of an answer tells of an enrolled iPhone that acknowledged: \
         false";
    return_to_service_minutes: u32 = 10, "return-to-service-minutes", Choice,
        "how long an erased device takes to enrol again by itself; a choice";
    latency_seconds: u32 = 1, "latency-seconds", Choice,
        "how long a push, and each message of a session, takes; a choice";
    check_in_minutes: u32 = 480, "check-in-minutes", Documented,
        "how often a settled device checks in with Intune; documented as about every 8 hours";
    early_check_in_minutes: u32 = 15, "early-check-in-minutes", Documented,
        "how often a device checks in during the first hour after its enrolment; documented by \
         Microsoft";
    status_validity_days: u32 = 30, "status-validity-days", Documented,
        "how long a compliance status holds without a new one; documented by Microsoft, 1 to 120";
}
