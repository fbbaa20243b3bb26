//! Choices where Intune's documents are silent or disagree: each named, with a default.

use crate::model::parameter::parameters;

parameters! {
    unsupported_is_refused: bool = false, "unsupported-is-refused", Choice,
        "whether a request by Graph for a device that the portal offers no action for is refused \
         with status 400; undocumented: false, it is accepted and ends as notSupported";
    joined_requests: bool = false, "second-request-joins-the-first", Choice,
        "whether a second request for a device joins the one that is pending; undocumented: \
         false, each request has its own result and is carried out";
    pending_days: u32 = 0, "pending-life-days", Inferred,
        "after how many days a pending passcode action is given up as failed; documented only \
         for retire and wipe: 0, never";
    passcode_days: u32 = 7, "passcode-shown-days", Documented,
        "how long the new passcode is shown, from the moment it is done up to and without the \
         same moment this many days later; documented since 2020";
    unrequired_fails: bool = true, "reset-without-required-passcode-fails", Documented,
        "what an Android owner's reset answers when no configuration policy requires a passcode; \
         true as today's page says it fails, false as in 2019: notSupported";
    unrequired_provisions: bool = false, "token-without-required-passcode", Inferred,
        "whether the agent provisions a reset token where no configuration policy requires a \
         passcode; undocumented: false, as the policy is the first of three conditions";
    legacy_reset_in_profiles: bool = false, "legacy-reset-in-profiles", Documented,
        "whether the agent of a work profile before Android 8.0 tries the platform's older \
         resetPassword; false, as every page since 2018-06-25 calls these profiles unsupported";
    wipes_a_day: u32 = 500, "wipes-a-day", Documented,
        "how many wipes a tenant may request a day; documented, and changed by support on request";
    retires_a_day: u32 = 1000, "retires-a-day", Documented,
        "how many retires a tenant may request a day; documented likewise";
    deletes_a_day: u32 = 1000, "deletes-a-day", Documented,
        "how many deletes a tenant may request a day; documented likewise";
    over_limit_status: u32 = 429, "over-limit-status", Choice,
        "the status of a request over the daily limit; undocumented: 429, too many requests";
    approval_days: u32 = 3, "approval-days", Documented,
        "after how many days a request for an approval expires; documented as three";
    push_waits: bool = true, "push-waits-for-the-device", Documented,
        "whether a push to an Android device or an app that cannot take it arrives later; \
         true, as Firebase keeps messages for weeks";
    push_seconds: u32 = 5, "push-seconds", Choice,
        "how long a push takes; a choice";
    report_seconds: u32 = 2, "report-seconds", Choice,
        "how long an Android device takes to carry out an action and to answer; a choice";
    report_survives_reboot: bool = true, "report-survives-reboot", Choice,
        "whether an Android device that restarts before its answer arrived still knows it; \
         undocumented: true; false has the service deliver the action again";
    agent_remembers: bool = true, "agent-remembers-actions", Choice,
        "whether an action that an Android device has carried out and gets again is answered \
         without a second effect; undocumented: true";
    check_in_minutes: u32 = 480, "check-in-minutes", Documented,
        "how often a settled device checks in; documented as about every 8 hours";
    dropped_are_canceled: bool = true, "dropped-actions-are-canceled", Inferred,
        "whether actions that a retire, wipe or delete overtakes end as canceled; documented is \
         only that they are dropped; false leaves them pending until the device has left";
    self_service_minutes: u32 = 5, "self-service-sign-in-minutes", Documented,
        "how many minutes after signing in again a user may still reset; documented as five";
}
