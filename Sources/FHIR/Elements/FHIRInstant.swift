/// A FHIR `instant`, made from a clock that the caller reads.
public struct FHIRInstant: Sendable, Hashable, CustomStringConvertible {
    /// Milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
    public let milliseconds: Int64

    /// An instant between the years 1 and 9999; others are moved to the nearer end.
    public init(milliseconds: Int64) {
        self.milliseconds = min(max(milliseconds, -62_135_596_800_000), 253_402_300_799_999)
    }

    /// The instant as `YYYY-MM-DDThh:mm:ss.sssZ`.
    public var description: String {
        let dayLength: Int64 = 86_400_000
        let days = Int((milliseconds - (milliseconds % dayLength + dayLength) % dayLength) / dayLength)
        let rest = Int(milliseconds - Int64(days) * dayLength)
        let (year, month, day) = Self.civil(fromDays: days)
        let pad = FHIRDate.padded
        let date = "\(pad(year, 4))-\(pad(month, 2))-\(pad(day, 2))"
        let time = "\(pad(rest / 3_600_000, 2)):\(pad(rest / 60_000 % 60, 2)):\(pad(rest / 1_000 % 60, 2))"
        return "\(date)T\(time).\(pad(rest % 1_000, 3))Z"
    }

    /// Day number to calendar date, in eras of 400 years that begin in March.
    ///
    /// Source: Howard Hinnant, "chrono-compatible low-level date algorithms", `civil_from_days`.
    private static func civil(fromDays days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}
