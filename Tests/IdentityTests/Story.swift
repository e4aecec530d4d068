import Demographics
import Identifiers
import Identity

/// Runs one identity story: commands change a registry, lines that end in `?` ask it.
///
///     policy match=9 review=4          thresholds in bits; also bound=N crowded=BITS guards=none,
///                                    absent=BITS for average linkage
///     record a given=mary sex=F birth=1980-02-03 order=1 id=nin:123
///     edge a b 12.5                    the pair's score from now on; 0 takes it away
///     remove a
///     must-link a b, cannot-link a b, undo a b
///     persons?  events?  reviews?      answered below a line of four dashes
struct Story {
    struct Failure: Error, CustomStringConvertible {
        let line: Int
        let description: String
    }

    private var registry: RegistryModel
    private var facts: [String: GuardFacts] = [:]
    private var weights: [RecordPair: MatchWeight] = [:]
    private var clock = Sequence(0)
    private var unread: [IdentityEvent] = []
    private var names: [String] = []

    init() {
        registry = RegistryModel(
            policy: IdentityPolicy(matchThreshold: .init(bits: 9), reviewThreshold: .init(bits: 4))
        )
    }

    /// Runs a story and gives it back with the answers it has now.
    static func retold(_ text: String) throws -> String {
        var story = Story()
        var output: [String] = []
        var isAnswer = false
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if isAnswer {
                guard line.isEmpty else { continue }
                isAnswer = false
            }
            if line == "----" {
                isAnswer = true
                continue
            }
            output.append(String(line))
            guard !line.isEmpty, !line.hasPrefix("#") else { continue }
            do {
                let words = line.split(separator: " ").map(String.init)
                guard let answer = try story.run(words) else { continue }
                output += ["----"] + answer
            } catch {
                throw Failure(line: number + 1, description: "line \(number + 1): \(line): \(error)")
            }
        }
        return output.joined(separator: "\n")
    }

    private mutating func run(_ words: [String]) throws -> [String]? {
        clock = clock.next
        let arguments = Array(words.dropFirst())
        switch words[0] {
        case "policy": try setPolicy(arguments)
        case "record":
            facts[arguments[0]] = try readFacts(arguments.dropFirst())
            if !names.contains(arguments[0]) { names.append(arguments[0]) }
            try upsert(arguments[0])
        case "edge":
            let pair = try pair(arguments)
            weights[pair] = MatchWeight(bits: try number(arguments[2]))
            try upsert(arguments[1])
        case "remove":
            facts[arguments[0]] = nil
            try apply(.remove(record: id(arguments[0])))
        case "must-link": try apply(.decide(StewardDecision(kind: .mustLink, pair: pair(arguments), at: clock)))
        case "cannot-link": try apply(.decide(StewardDecision(kind: .cannotLink, pair: pair(arguments), at: clock)))
        case "undo": try apply(.undo(pair(arguments)))
        case "persons?": return try persons()
        case "events?":
            defer { unread = [] }
            return unread.map(describe)
        case "reviews?":
            let tasks = try registry.components.flatMap(\.reviews) + doubts()
            return tasks.sorted { $0.harm > $1.harm || ($0.harm == $1.harm && $0 < $1) }.map(describe)
        default: throw Failure(line: 0, description: "unknown command")
        }
        return nil
    }

    private mutating func setPolicy(_ arguments: [String]) throws {
        var policy = registry.engine.policy
        for argument in arguments {
            let (key, value) = try keyAndValue(argument)
            switch key {
            case "match": policy.matchThreshold = MatchWeight(bits: try number(value))
            case "review": policy.reviewThreshold = MatchWeight(bits: try number(value))
            case "bound": policy.sizeBound = Int(try number(value))
            case "absent": policy.linkage = .average(absent: MatchWeight(bits: try number(value)))
            case "crowded": policy.crowdedMargin = MatchWeight(bits: try number(value))
            case "guards": policy.guards = value == "none" ? .none : .moderate
            default: throw Failure(line: 0, description: "unknown setting \(key)")
            }
        }
        registry = RegistryModel(policy: policy)
    }

    private mutating func upsert(_ name: String) throws {
        guard let facts = facts[name] else { throw Failure(line: 0, description: "no record \(name)") }
        var neighbours: [IdentityChange.Neighbour] = []
        for other in names where other != name && self.facts[other] != nil {
            if let weight = weights[try pair([name, other])] { neighbours.append(.init(id(other), weight)) }
        }
        try apply(.upsert(record: id(name), at: clock, facts: facts, neighbours: neighbours))
    }

    private mutating func apply(_ change: IdentityChange) throws {
        try registry.apply([change])
        unread += registry.lastResolution.events
    }

    private func readFacts(_ arguments: ArraySlice<String>) throws -> GuardFacts {
        var facts = GuardFacts()
        for argument in arguments {
            let (key, value) = try keyAndValue(argument)
            switch key {
            case "given": facts.givenName = id(value).rawValue
            case "sex": facts.sex = value == "F" ? 1 : 2
            case "order": facts.birthOrder = UInt8(try number(value))
            case "birth": facts.birthDate = UInt32(value.filter { $0 != "-" }) ?? 0
            case "id":
                let parts = value.split(separator: ":").map(String.init)
                facts.identifiers.append(.init(authority: id(parts[0]).rawValue, value: id(parts[1]).rawValue))
            default: throw Failure(line: 0, description: "unknown fact \(key)")
            }
        }
        facts.identifiers.sort()
        return facts
    }

    private func keyAndValue(_ argument: String) throws -> (String, String) {
        let parts = argument.split(separator: "=").map(String.init)
        guard parts.count == 2 else { throw Failure(line: 0, description: "not key=value: \(argument)") }
        return (parts[0], parts[1])
    }

    private func number(_ text: String) throws -> Double {
        guard let value = Double(text) else { throw Failure(line: 0, description: "no number: \(text)") }
        return value
    }

    private func pair(_ arguments: [String]) throws -> RecordPair {
        guard arguments.count >= 2, let pair = RecordPair(id(arguments[0]), id(arguments[1])) else {
            throw Failure(line: 0, description: "needs two records")
        }
        return pair
    }

    /// The bytes of a name as a number, so that records sort as their names do.
    private func id(_ name: String) -> RecordID {
        var value: UInt64 = 0
        for byte in name.utf8.prefix(8) { value = value << 8 | UInt64(byte) }
        return RecordID(value << (8 * UInt64(8 - min(8, name.utf8.count))))
    }

    private func name(_ record: RecordID) -> String {
        names.first { id($0) == record } ?? record.description
    }

    private func name(_ golden: GoldenID) -> String { "P\(golden.birth)" }

    private func persons() throws -> [String] {
        try registry.persons.sorted { $0.golden.birth < $1.golden.birth }.map { person in
            let members = person.members.map(name).joined(separator: " ")
            let retired = person.retired.map { name($0) }.joined(separator: " ")
            return "\(name(person.golden)): \(members)" + (retired.isEmpty ? "" : "  (was also \(retired))")
        }
    }

    private func doubts() throws -> [ReviewTask] {
        let persons = try registry.persons
        return try registry.components.flatMap(\.doubts).compactMap { doubt in
            let isOne = persons.contains { $0.members.contains(doubt.pair.a) && $0.members.contains(doubt.pair.b) }
            guard !isOne else { return nil }
            return ReviewTask(pair: doubt.pair, reason: .weightInReviewBand, weight: doubt.weight, harm: 0)
        }
    }

    private func describe(_ task: ReviewTask) -> String {
        let reason =
            switch task.reason {
            case .weightInReviewBand: "doubtful \(task.weight)"
            case .guardForbade(let reason): "\(reason.name) \(task.weight)"
            case .componentTooLarge: "component-too-large"
            case .decisionConflict: "decision-conflict"
            case .othersDisagree: "others-disagree"
            }
        return "\(name(task.pair.a)) \(name(task.pair.b)): \(reason)"
    }

    private func describe(_ event: IdentityEvent) -> String {
        switch event {
        case .recordLinked(let record, let from?, let to): "linked \(name(record)): \(name(from)) -> \(name(to))"
        case .recordLinked(let record, nil, let to): "linked \(name(record)): new -> \(name(to))"
        case .recordRemoved(let record, let from): "removed \(name(record)): \(name(from))"
        case .personsMerged(let survivor, let retired): "merged \(name(retired)) into \(name(survivor))"
        case .personSplit(let from, let new): "split \(name(new)) from \(name(from))"
        case .goldenRedirected(let golden, let from, let to):
            "redirected \(name(golden)): \(name(from)) -> \(name(to))"
        case .goldenRetired(let golden): "retired \(name(golden))"
        case .reviewRaised(let task): "raised \(describe(task))"
        case .reviewSettled(let task): "settled \(describe(task))"
        }
    }
}
