//! Choices where the sources are silent or where we only infer: each named, with a default.

use crate::model::parameter::parameters;

parameters! {
    pending_reset_throws: bool = true, "pending-reset-throws", Inferred,
        "at API level 27 to 32 a reset with a token that is pending or lost hashes a missing \
         secret; inferred from the source, no test: true throws NullPointerException, false \
         answers false";
    obsolete_token_works_at_26: bool = true, "obsolete-token-works-at-26", Inferred,
        "level 26 does not check whether the synthetic password has changed since the token was \
         activated; inferred from the source: true lets the reset proceed";
    biometric_confirm_says_ok: bool = true, "biometric-confirm-says-ok", Inferred,
        "at level 26 to 28 the confirm screen takes a fingerprint and reports success while a \
         token is pending; inferred, since the guard came with 29";
    new_lock_activates: bool = false, "new-lock-activates", Inferred,
        "whether setting a lock where none was counts as entering it; inferred that it does not, \
         since only the verification path activates tokens";
    failed_set_forgets_token: bool = true, "failed-set-forgets-token", Inferred,
        "whether a set that throws has already removed the old token; inferred from the order of \
         the calls";
    quiet_mode_keeps_pending: bool = true, "quiet-mode-keeps-pending", Inferred,
        "whether a pending token outlives turning the profile off; inferred, since it lies in the \
         memory of the system server and not of the profile";
    agent_direct_boot_aware: bool = true, "agent-direct-boot-aware", Choice,
        "whether an admin's app runs before the first unlock unless its table says otherwise; \
         what the manifest of Intune's agent declares is not public, true is what a reset before \
         the first unlock and the button `forgot my password` need";
    quiet_profiles_run: bool = true, "quiet-profiles-run", Documented,
        "at API level 34 a profile that is turned off keeps running with its apps suspended, so its \
         owner can still reset; the default of the platform's flag, which can be set remotely, \
         false is what the other levels do";
    lockout_blocks_token: bool = false, "lockout-blocks-token", Inferred,
        "whether a lock-out after wrong PINs delays a reset with a token; inferred that it does \
         not; one vendor says both";
    complex_zero_allows_clearing: bool = true, "complex-zero-allows-clearing", Inferred,
        "up to level 29 quality COMPLEX with every minimum 0 lets an empty password pass; \
         inferred from the source";
    transfer_keeps_token: bool = true, "transfer-keeps-token", Inferred,
        "whether the next owner can use the token after an ownership transfer; inferred, since \
         only the claim is touched";
    wrong_entries_allowed: u32 = 0, "wrong-entries-allowed", Documented,
        "after how many wrong credentials in a row the user has to wait each time; 0 as in \
         Gatekeeper: after 5, and after each from the tenth on; vendors differ";
    lockout_seconds: u32 = 0, "lockout-seconds", Documented,
        "how long the user has to wait each time; 0 as in Gatekeeper: 30 seconds, doubled with every \
         ten wrong credentials from the fortieth on, and a day from the 140th on";
    stronger_rate_limits: bool = false, "stronger-rate-limits", Documented,
        "whether a device with API level 36 has the documented limits of Android 16 QPR2: 1 minute \
         after five wrong credentials, then 5, 15, 30, 90 and more, no more after 20, and the same \
         one counts once; false as in the first release of Android 16";
    amapi_six_digits_from: u32 = 34, "amapi-six-digits-from", Choice,
        "the Android Management API requires six digits on Android 14; its documents do not say \
         whether later versions are meant: this level and all later ones";
    amapi_command_minutes: u32 = 10, "amapi-command-minutes", Documented,
        "how long a command of the Android Management API waits for the device; its documented \
         default";
    fbe_from: u32 = 24, "file-based-encryption-from", Documented,
        "the API level from which a device has file-based encryption unless its table says \
         otherwise; possible from 24, obligatory for new devices only from 29";
}
