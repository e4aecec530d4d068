import Coordinator
import Identifiers
import JSON
import Locks
import Testing

@testable import Gateway

/// Subscribers over a receiver that fails: everything arrives, in order for each person, under one name.
@Suite("Subscriptions")
struct SubscriptionTests {
    /// A receiver that keeps what it took, and fails as it is told.
    private final class Receiver: HookSender {
        struct Taken: Sendable {
            var event: String
            var url: String
            var body: [UInt8]
        }

        private let state = Mutex<(taken: [Taken], asked: Int)>(([], 0))
        private let answer: @Sendable (Int, HookRequest) -> HookAnswer

        init(_ answer: @escaping @Sendable (Int, HookRequest) -> HookAnswer) { self.answer = answer }

        func send(_ request: HookRequest) async -> HookAnswer {
            let number = state.withLock { state in
                state.asked += 1
                return state.asked
            }
            let answer = answer(number, request)
            // One that fails may have taken it all the same: the answer got lost.
            let isTaken = answer.verdict == .delivered || number.isMultiple(of: 3)
            guard isTaken, let event = request.headers.first(where: { $0.name == "x-tessera-event" })?.value else {
                return answer
            }
            state.withLock { $0.taken.append(Taken(event: event, url: request.url, body: request.body)) }
            return answer
        }

        var taken: [Taken] { state.withLock { $0.taken } }
    }

    /// Time that passes as soon as somebody waits for it.
    private final class QuickClock: CoordinatorClock {
        private let now = Mutex<UInt64>(1_784_592_000_000)

        func milliseconds() -> UInt64 { now.withLock { $0 } }

        func sleep(_ duration: Duration) async {
            now.withLock { $0 += UInt64(duration / .milliseconds(1)) }
            try? await Task.sleep(for: .microseconds(200))
        }
    }

    private static func body(_ criteria: String = "Patient", payload: String = "application/fhir+json") -> String {
        """
        {"resourceType":"Subscription","status":"requested","reason":"r","criteria":"\(criteria)",\
        "channel":{"type":"rest-hook","endpoint":"http://subscriber.example/hook","payload":"\(payload)"}}
        """
    }

    private static func patient(_ number: Int, city: String = "") -> String {
        """
        {"resourceType":"Patient","identifier":[{"system":"urn:clinic","value":"\(number)"}],\
        "name":[{"family":"F\(number)"}],"address":[{"city":"\(city)"}]}
        """
    }

    /// Runs a body while subscribers are told.
    private func whileTelling(
        _ doors: DoorFixture,
        _ receiver: Receiver,
        _ body: @Sendable () async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            let pusher = doors.gateway.pusher(sender: receiver, clock: QuickClock())
            group.addTask { await pusher.run() }
            try await body()
            group.cancelAll()
        }
    }

    private func wait(_ done: @Sendable () -> Bool) async throws {
        for _ in 0..<20_000 where !done() { try await Task.sleep(for: .milliseconds(1)) }
        #expect(done())
    }

    @Test("A receiver that fails a tenth of the time gets every event, in order for each person")
    func flaky() async throws {
        let doors = DoorFixture()
        let receiver = Receiver { number, _ in number.isMultiple(of: 10) ? .status(503) : .status(200) }
        #expect(await doors.send("POST", "/fhir/Subscription", Self.body()).status == 201)
        let people = 60
        for round in 1...5 {
            for person in 0..<people {
                let city = "round\(round)"
                #expect(await doors.send("POST", "/fhir/Patient", Self.patient(person, city: city)).status < 300)
            }
        }
        try await whileTelling(doors, receiver) {
            try await wait { Set(receiver.taken.map(\.event)).count == people * 5 }
        }
        var rounds: [String: [String]] = [:]
        var bodies: [String: [UInt8]] = [:]
        for one in receiver.taken {
            #expect(bodies[one.event] == nil || bodies[one.event] == one.body, "a name stands for one thing")
            guard bodies.updateValue(one.body, forKey: one.event) == nil else { continue }
            let city = try JSONValue(parsing: one.body.span.bytes)["address"]?[0]?["city"]?.string ?? ""
            rounds[one.url, default: []].append(city)
        }
        #expect(rounds.count == people)
        #expect(rounds.values.allSatisfy { $0 == (1...5).map { "round\($0)" } })
    }

    @Test("What a subscriber will never take is set aside, and what comes behind it is told")
    func dead() async throws {
        let doors = DoorFixture()
        let receiver = Receiver { _, request in
            String(decoding: request.body, as: UTF8.self).contains("\"F1\"") ? .status(422) : .status(200)
        }
        _ = await doors.send("POST", "/fhir/Subscription", Self.body())
        for person in 0..<3 { _ = await doors.send("POST", "/fhir/Patient", Self.patient(person)) }
        try await whileTelling(doors, receiver) {
            try await wait { receiver.taken.contains { String(decoding: $0.body, as: UTF8.self).contains("\"F2\"") } }
            try await Task.sleep(for: .milliseconds(50))
        }
        let told = await doors.send("GET", "/api/v1/subscriptions").json["subscriptions"]?[0]
        #expect(told?["deadLetters"]?.integer == 1 && told?["dead"]?[0]?["reason"]?.string == "status 422")
        #expect(told?["behind"]?.integer == 0 && told?["status"]?.string == "active")
    }

    @Test("Dead letters hold back what comes after them of their person, and are told again in order")
    func replay() async throws {
        let doors = DoorFixture()
        let isFixed = Locked(false)
        let receiver = Receiver { _, request in
            let isPoison = String(decoding: request.body, as: UTF8.self).contains("poison")
            return isPoison && !isFixed.value ? .status(422) : .status(200)
        }
        let id = await doors.send("POST", "/fhir/Subscription", Self.body()).json["id"]?.string ?? ""
        // More letters than the state holds by itself: they lie in pieces.
        let rounds = 150
        for round in 0..<rounds {
            for person in 0..<4 {
                let city = person < 2 && round == 0 ? "poison" : "r\(round)"
                _ = await doors.send("POST", "/fhir/Patient", Self.patient(person, city: city))
            }
        }
        let path = "/api/v1/subscriptions/\(id)/dead"
        try await whileTelling(doors, receiver) {
            try await waitForLetters(2 * rounds, doors)
            let list = await doors.send("GET", path).json["dead"]?.array ?? []
            #expect(list.count == 2 * rounds && list[0]["reason"]?.string == "status 422")
            #expect(list.count { $0["reason"]?.string == DeadLetters.behind } == 2 * rounds - 2)
            // One person's letters alone, while they are refused still.
            let first = list[0]["record"]?.string ?? ""
            let mine = list.filter { $0["record"]?.string == first }.compactMap { $0["number"]?.integer }
            #expect(await doors.send("POST", path + "/replay", "{\"events\":[\(mine[0])]}").status == 202)
            try await waitForOrder(doors)
            #expect(await doors.send("GET", path).json["dead"]?.array?.count == 2 * rounds)
            isFixed.value = true
            let some = mine.map { "\($0)" }.joined(separator: ",")
            #expect(await doors.send("POST", path + "/replay", "{\"events\":[\(some)]}").status == 202)
            try await waitForLetters(rounds, doors)
            // A letter behind one that is not meant stays with it.
            let others = (await doors.send("GET", path).json["dead"]?.array ?? []).compactMap { $0["number"]?.integer }
            _ = await doors.send("POST", path + "/replay", "{\"events\":[\(others[1])]}")
            try await waitForOrder(doors)
            try await waitForLetters(rounds, doors)
            _ = await doors.send("POST", path + "/discard", "{\"events\":[\(others[0])]}")
            try await waitForLetters(rounds - 1, doors)
            _ = await doors.send("POST", path + "/replay")
            try await waitForLetters(0, doors)
        }
        let taken = receiver.taken.filter { !String(decoding: $0.body, as: UTF8.self).isEmpty }
        var cities: [String: [String]] = [:]
        var seen: Set<String> = []
        for one in taken {
            // The test's receiver takes some of what it refuses: of those the first counts.
            let city = (try? JSONValue(parsing: one.body.span.bytes))?["address"]?[0]?["city"]?.string ?? ""
            guard city != "poison" || isFixed.value, seen.insert(one.event).inserted else { continue }
            cities[one.url, default: []].append(city)
        }
        let whole = ["poison"] + (1..<rounds).map { "r\($0)" }
        let plain = (0..<rounds).map { "r\($0)" }
        #expect(cities.values.count { $0 == plain } == 2)
        #expect(cities.values.count { $0 == whole || $0 == Array(whole.dropFirst()) } == 2)
        #expect(await doors.send("POST", "/api/v1/subscriptions/none/dead/replay").status == 404)
        #expect(await doors.send("POST", path + "/replay", "{\"events\":[\"x\"]}").status == 400)
    }

    /// A value that tests change while something runs.
    private final class Locked: Sendable {
        private let state: Mutex<Bool>

        init(_ value: Bool) { state = Mutex(value) }

        var value: Bool {
            get { state.withLock { $0 } }
            set { state.withLock { $0 = newValue } }
        }
    }

    private func waitForLetters(_ count: Int, _ doors: DoorFixture) async throws {
        var found = -1
        for _ in 0..<20_000 where found != count {
            found =
                await doors.send("GET", "/api/v1/subscriptions").json["subscriptions"]?[0]?["deadLetters"]?.integer
                ?? -1
            try await Task.sleep(for: .milliseconds(1))
        }
        #expect(found == count)
    }

    private func waitForOrder(_ doors: DoorFixture) async throws {
        var order: JSONValue? = .null
        for _ in 0..<20_000 where order != nil {
            order = await doors.send("GET", "/api/v1/subscriptions").json["subscriptions"]?[0]?["order"]
            try await Task.sleep(for: .milliseconds(1))
        }
        #expect(order == nil)
    }

    @Test("A subscriber that is away is said to be so, and told everything when it is back")
    func away() async throws {
        let doors = DoorFixture()
        let isAway = Mutex(true)
        let receiver = Receiver { _, _ in isAway.withLock { $0 } ? .failed("no answer") : .status(200) }
        let made = await doors.send("POST", "/fhir/Subscription", Self.body())
        let id = made.json["id"]?.string ?? ""
        for person in 0..<5 { _ = await doors.send("POST", "/fhir/Patient", Self.patient(person)) }
        try await whileTelling(doors, receiver) {
            var status = ""
            for _ in 0..<20_000 where status != "error" {
                status = await doors.send("GET", "/fhir/Subscription/\(id)").json["status"]?.string ?? ""
                try await Task.sleep(for: .milliseconds(1))
            }
            #expect(status == "error")
            isAway.withLock { $0 = false }
            try await wait { Set(receiver.taken.map(\.url)).count == 5 }
        }
    }

    @Test("Whoever tells next goes on where the last one was")
    func goingOn() async throws {
        let doors = DoorFixture()
        let first = Receiver { _, _ in .status(200) }
        _ = await doors.send("POST", "/fhir/Subscription", Self.body())
        _ = await doors.send("POST", "/fhir/Patient", Self.patient(1))
        try await whileTelling(doors, first) {
            try await wait { first.taken.count == 1 }
            try await Task.sleep(for: .milliseconds(50))
        }
        _ = await doors.send("POST", "/fhir/Patient", Self.patient(2))
        let second = Receiver { _, _ in .status(200) }
        try await whileTelling(doors, second) {
            try await wait { !second.taken.isEmpty }
            try await Task.sleep(for: .milliseconds(50))
        }
        #expect(second.taken.map(\.event) != first.taken.map(\.event))
        #expect(second.taken.count == 1)
    }

    @Test("How far a subscriber is survives being written down")
    func state() throws {
        var state = SubscriptionState()
        state.revision = 3
        state.status = .error
        state.error = "no \"answer\""
        state.cursor = Sequence(77)
        let event = SubscriptionState.Event(number: 1, name: "5.0", record: RecordID(9), version: 2, at: 11)
        state.note([event])
        state.bury([.init(event: event, reason: "status 422", person: 5)])
        state.deadPieces = 3..<5
        state.deadOrder = .max
        #expect(SubscriptionState(decoding: state.encoded()) == state)
        for length in 0..<state.encoded().count {
            #expect(SubscriptionState(decoding: Array(state.encoded().prefix(length))) == nil)
        }
        for number in 2...1_000 as ClosedRange<UInt64> {
            state.note([.init(number: number, name: "", record: RecordID(1), version: 1, at: 1)])
        }
        #expect(state.events.count == SubscriptionState.eventLimit && state.count == 1_000)
    }
}
