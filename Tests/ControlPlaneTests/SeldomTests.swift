import Testing

@testable import ControlPlane

struct SeldomTests {
    @Test func theFirstIsToldAtOnceAndTheRestOnceInAWhile() {
        var seldom = Seldom()
        #expect(seldom.note(at: .seconds(1)) == 1)
        #expect(seldom.note(at: .seconds(2)) == nil)
        #expect(seldom.note(at: .seconds(10)) == nil)
        #expect(seldom.note(at: .seconds(11)) == 3)
        seldom.end()
        #expect(seldom.note(at: .seconds(12)) == 1)
    }
}
