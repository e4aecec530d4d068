import Matching
import ShardProtocol

/// The question for candidates of 256 records, as it travels.
enum MessageKernels {
    static let all = [encode, decode]

    /// Records of one question.
    static let group = 256
    private static let turns = 32

    private static let encode = Kernel(name: "message-encode", item: "a query of a question of 256", items: 32 * 256) {
        let rules = try Inputs.rules()
        let request = question(Inputs.keyed(group, rules), rules)
        return { (0..<turns).reduce(0) { sum, _ in sum &+ UInt64(MessageFrame.encode(request).count) } }
    }

    private static let decode = Kernel(name: "message-decode", item: "a query of a question of 256", items: 32 * 256) {
        let rules = try Inputs.rules()
        let message = MessageFrame.encode(question(Inputs.keyed(group, rules), rules))
        return {
            var sum: UInt64 = 0
            for _ in 0..<turns {
                let request = try message.withUnsafeBytes { try MessageFrame.decodeRequest($0) }
                if case .candidates(let candidates) = request { sum &+= UInt64(candidates.queries.count) }
            }
            return sum
        }
    }

    /// Asks for the likes of records, at the review threshold.
    static func question(_ keyed: [KeyedRecord], _ rules: RuleSet) -> ShardRequest {
        let queries = keyed.map { record in
            CandidatesRequest.Query(
                exclude: record.id,
                sketch: record.sketch.bits,
                row: record.row,
                keys: record.keys.map(\.hash)
            )
        }
        return .candidates(CandidatesRequest(rules: rules.version, floor: rules.reviewThreshold, queries: queries))
    }
}
