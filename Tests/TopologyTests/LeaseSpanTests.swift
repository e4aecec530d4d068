import Testing

@testable import Topology

struct LeaseSpanTests {
    @Test func aLeaseEndsBeforeItsGrantorThinksSo() {
        var span = LeaseSpan()
        #expect(!span.holds(at: .zero))
        span.renew(asked: .seconds(10), lasting: .seconds(3))
        #expect(span.holds(at: .seconds(12)))
        #expect(!span.holds(at: .milliseconds(12_500)))
    }

    @Test func anAnswerThatCameLateTakesNothingBack() {
        var span = LeaseSpan()
        span.renew(asked: .seconds(11), lasting: .seconds(3))
        span.renew(asked: .seconds(10), lasting: .seconds(3))
        #expect(span.holds(at: .seconds(13)))
        span.lapse()
        #expect(!span.holds(at: .seconds(11)))
    }
}
