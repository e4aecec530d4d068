import Identifiers
import Testing

@testable import HL7Door

@Suite("State of notifications")
struct NotificationStateTests {
    @Test("What is kept is read again; what is not ours is no state")
    func roundTrip() {
        var state = NotificationState()
        state.cursor = Sequence(.max)
        for number in 0..<(NotificationState.parkedLimit + 5) {
            state.park(.init(event: "E\(number)-0", code: "AE", reason: "PID^1^3 \"204\""))
        }
        #expect(state.parked.count == NotificationState.parkedLimit)
        #expect(state.parked.first?.event == "E5-0")
        #expect(NotificationState(decoding: state.encoded()) == state)
        #expect(NotificationState(decoding: Array("{\"version\":2,\"cursor\":\"1\"}".utf8)) == nil)
        #expect(NotificationState(decoding: Array("nothing".utf8)) == nil)
    }
}
