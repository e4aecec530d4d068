internal import Coordinator
internal import Identifiers
internal import JSON

/// How it stands with the rules, as the native interface writes it.
extension JSONWriter {
    mutating func rules(_ report: RulesReport) {
        beginObject()
        member("deciding", report.deciding.description)
        member("configured", report.configured.description)
        if let previous = report.book.previous { member("previous", previous.description) }
        if let shadow = report.book.shadow { member("shadow", shadow.description) }
        if let transition = report.book.transition {
            key("change")
            self.transition(transition, report.work)
        }
        key("versions")
        beginArray()
        for version in report.book.versions.reversed() {
            beginObject()
            member("version", version.version.description)
            member("name", version.name)
            member("at", milliseconds: version.at)
            member("by", version.by)
            member("comment", version.comment)
            member("bytes", number: version.bytes)
            endObject()
        }
        endArray()
        key("turns")
        beginArray()
        for turn in report.book.turns.reversed() {
            beginObject()
            member("version", turn.version.description)
            member("done", turn.kind.word)
            if turn.at > 0 { member("at", milliseconds: turn.at) }
            member("by", turn.by)
            member("comment", turn.comment)
            endObject()
        }
        endArray()
        endObject()
    }

    private mutating func transition(_ transition: RuleBook.Transition, _ work: RulesReport.Work) {
        beginObject()
        member("from", transition.from.description)
        member("to", transition.to.description)
        member("phase", "\(transition.phase)")
        member("done", number: transition.slot)
        member("of", number: Slot.count)
        member("paused", flag: transition.isPaused)
        member("recordsPerSecond", number: transition.recordsPerSecond)
        member("began", milliseconds: transition.at)
        member("by", transition.by)
        member("records", number: work.records)
        member("renewed", number: work.renewed)
        member("widened", number: work.widened)
        member("unread", number: work.unread)
        if !work.fault.isEmpty { member("fault", work.fault) }
        endObject()
    }
}

extension RuleBook.Turn.Kind {
    /// What was done, in a word.
    var word: String {
        switch self {
        case .activated: "activated"
        case .rolledBack: "rolled-back"
        case .cancelled: "cancelled"
        case .completed: "completed"
        }
    }
}
