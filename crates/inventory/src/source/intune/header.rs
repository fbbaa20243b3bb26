//! The names of columns.
//!
//! Sources: the table "request name, column received" of
//! <https://learn.microsoft.com/en-us/mem/intune/fundamentals/reports-export-graph-available-reports>
//! and the properties of Graph's `managedDevice`
//! (<https://learn.microsoft.com/en-us/graph/api/resources/intune-devices-manageddevice>), which is
//! what scripts write that save Graph's answer as CSV. The same page lists the columns of the raw
//! report `Devices`. `IsDeleted` is a column of the entity `devices` of the Intune Data Warehouse,
//! which keeps the devices that were taken out of management:
//! <https://learn.microsoft.com/en-us/intune/developer/intune-data-warehouse-collections>. Of those of
//! the raw report, `SupervisedStatus` and `EncryptionStatus` are not read: no page says
//! what their numbers mean, and the columns with `String` behind their names say it in words.

use eligibility::facts::{FactName, FactSet};

use crate::spelling::Folded;

/// A column that says something about a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    DeviceId,
    DeviceName,
    LastCheckIn,
    Os,
    OsVersion,
    Model,
    ManagedBy,
    Ownership,
    DeviceState,
    Supervised,
    Encrypted,
    JoinType,
    EnrollmentType,
    UnlockToken,
    SerialNumber,
    Deleted,
}

/// A column of an Intune export and its names.
pub(crate) struct Header {
    pub(crate) column: Column,
    /// The portal's name first. When a file has several of them (the raw report `Devices` has
    /// `OS` beside a numeric `DeviceType`), the earliest of this list is read, and the next one,
    /// its twin, if the column is [`coded`](Self::coded).
    pub(crate) names: &'static [&'static str],
    /// The facts that become unknown, or less certain, without it.
    pub(crate) facts: &'static [FactName],
}

/// The columns, in the order of [`Column`].
pub(crate) const HEADERS: [Header; 16] = {
    use FactName as F;
    const fn header(
        column: Column,
        names: &'static [&'static str],
        facts: &'static [FactName],
    ) -> Header {
        Header { column, names, facts }
    }
    [
        // The reports of compliance call it `IntuneDeviceId`.
        header(Column::DeviceId, &["Device ID", "Id", "Intune device ID", "managedDeviceId"], &[]),
        header(Column::DeviceName, &["Device name"], &[]),
        header(Column::LastCheckIn, &["Last check-in", "LastContact", "lastSyncDateTime"], &[]),
        header(Column::Os, &["OS", "DeviceType", "operatingSystem"], &[F::Platform, F::Management]),
        header(Column::OsVersion, &["OS version"], &[F::OsVersion]),
        header(Column::Model, &["Model"], &[F::Platform]),
        header(
            Column::ManagedBy,
            &["Managed by", "ManagementAgent", "ManagementAgents"],
            &[F::Management],
        ),
        header(
            Column::Ownership,
            &["Ownership", "OwnerType", "managedDeviceOwnerType"],
            &[F::Ownership],
        ),
        header(Column::DeviceState, &["Device state", "ManagementState"], &[F::ManagementState]),
        header(
            Column::Supervised,
            &["Supervised", "IsSupervised", "SupervisedStatusString"],
            &[F::Supervised],
        ),
        header(
            Column::Encrypted,
            &["Encrypted", "IsEncrypted", "EncryptionStatusString"],
            &[F::Encrypted],
        ),
        header(Column::JoinType, &["JoinType"], &[F::AzureAdJoined]),
        header(
            Column::EnrollmentType,
            &["EnrollmentType", "deviceEnrollmentType"],
            &[F::Management],
        ),
        header(Column::UnlockToken, &["HasUnlockToken"], &[F::UnlockToken]),
        header(Column::SerialNumber, &["Serial number"], &[]),
        header(Column::Deleted, &["IsDeleted"], &[F::Management]),
    ]
};

impl Header {
    /// Returns the place of a name among the names of this column, the portal's own being 0.
    pub(crate) fn rank(&self, name: Folded) -> Option<usize> {
        self.names.iter().position(|known| name.is(known))
    }

    /// Returns true if the column has a number of an enum under names other than the first.
    pub(crate) fn coded(&self) -> bool {
        use Column as C;
        matches!(self.column, C::Os | C::ManagedBy | C::Ownership | C::DeviceState)
    }

    /// Returns the facts that the column feeds.
    pub(crate) fn facts(&self) -> FactSet {
        self.facts.iter().copied().collect()
    }
}

/// Returns the column that a header names, and the rank of the name.
pub(crate) fn column(text: &str) -> Option<(Column, usize)> {
    let name = Folded::of(text)?;
    HEADERS.iter().find_map(|header| Some((header.column, header.rank(name)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_columns() {
        for (index, header) in HEADERS.iter().enumerate() {
            assert_eq!(header.column as usize, index);
        }
    }

    #[test]
    fn no_name_stands_for_two_columns() {
        for header in &HEADERS {
            for (rank, name) in header.names.iter().enumerate() {
                assert_eq!(column(name), Some((header.column, rank)), "{name}");
            }
        }
    }
}
