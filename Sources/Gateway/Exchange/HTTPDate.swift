internal import FHIR

/// Dates of header fields (RFC 9110, section 5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`.
enum HTTPDate {
    /// Writes milliseconds since 1970.
    static func text(milliseconds: UInt64) -> String {
        let milliseconds = Int64(clamping: milliseconds)
        // `YYYY-MM-DDThh:mm:ss.sssZ`
        let instant = Array(FHIRInstant(milliseconds: milliseconds).description.utf8)
        func part(_ range: Range<Int>) -> String { String(decoding: instant[range], as: UTF8.self) }
        let month = Int(part(5..<7)) ?? 1
        // The first of January 1970 was a Thursday.
        let weekday = weekdays[Int((milliseconds / 86_400_000 + 4) % 7)]
        return "\(weekday), \(part(8..<10)) \(months[month - 1]) \(part(0..<4)) \(part(11..<19)) GMT"
    }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
