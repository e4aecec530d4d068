import Foundation
import Testing

@testable import Transport

@Suite("The date of answers")
struct DateStampTests {
    @Test("The example of RFC 9110 and the edges of years")
    func examples() {
        #expect(DateStamp.text(ofSecond: 784_111_777) == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(DateStamp.text(ofSecond: 0) == "Thu, 01 Jan 1970 00:00:00 GMT")
        #expect(DateStamp.text(ofSecond: 951_782_399) == "Mon, 28 Feb 2000 23:59:59 GMT")
        #expect(DateStamp.text(ofSecond: 951_782_400) == "Tue, 29 Feb 2000 00:00:00 GMT")
    }

    @Test("Equal to Foundation's on days of a hundred and fifty years")
    func twin() {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 0)
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        for second in stride(from: 0, to: 150 * 365 * 86_400, by: 86_400 * 17 + 3601) {
            let expected = formatter.string(from: Date(timeIntervalSince1970: Double(second)))
            #expect(DateStamp.text(ofSecond: second) == expected)
        }
    }
}
