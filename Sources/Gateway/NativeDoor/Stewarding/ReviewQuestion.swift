internal import Coordinator
internal import Identifiers
internal import Identity

/// An open question: about two records, or about an update that is held.
enum ReviewQuestion: Sendable {
    case pair(ReviewItem)
    case held(HeldUpdate)

    /// The word of the reason for a held update.
    static let overlay = "overlay"

    var place: ReviewPlace {
        switch self {
        case .pair(let item):
            let task = item.task
            return ReviewPlace(harm: task.harm, a: task.pair.a, b: task.pair.b, code: task.reason.code)
        case .held(let update):
            return ReviewPlace(harm: update.harm, a: update.record, b: update.record, code: 0)
        }
    }

    /// The reason in the words of the interface.
    var reason: String {
        switch self {
        case .pair(let item): item.task.reason.word
        case .held: Self.overlay
        }
    }

    /// The records that it is about.
    var records: [RecordID] {
        switch self {
        case .pair(let item): [item.task.pair.a, item.task.pair.b]
        case .held(let update): [update.record] + (update.other.map { [$0] } ?? [])
        }
    }
}
