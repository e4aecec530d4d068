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
        for (name, view) in [("onLiveWrites", report.shadow), ("onStoredRecords", report.replay)] {
            guard let view else { continue }
            key(name)
            trial(view)
        }
        if let counts = report.counts {
            key("counts")
            self.counts(counts)
        }
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

    private mutating func trial(_ view: TrialView) {
        beginObject()
        member("version", view.version.description)
        member("phase", "\(view.phase)")
        member("began", milliseconds: view.began)
        if view.slotsDone > 0 {
            member("done", number: view.slotsDone)
            member("of", number: Slot.count)
        }
        member("tried", number: view.tried)
        member("dropped", number: view.dropped)
        member("joining", number: view.joining)
        member("parting", number: view.parting)
        member("unpostedRules", number: view.unposted)
        for (index, name) in ["active", "candidate"].enumerated() {
            key(name)
            beginObject()
            member("questions", number: view.questions[index])
            member("postings", number: view.postings[index])
            member("scored", number: view.scored[index])
            endObject()
        }
        key("samples")
        beginArray()
        for sample in view.samples { self.sample(sample) }
        endArray()
        if !view.fault.isEmpty { member("fault", view.fault) }
        endObject()
    }

    private mutating func counts(_ view: CountingView) {
        beginObject()
        member("through", number: view.through.rawValue)
        member("records", number: view.records)
        if let refresh = view.refresh {
            key("refresh")
            beginObject()
            member("from", refresh.from.description)
            member("phase", "\(refresh.phase)")
            member("read", number: refresh.read)
            if let made = refresh.made { member("version", made.description) }
            member("hotKeys", number: refresh.hotKeys)
            if !refresh.fault.isEmpty { member("fault", refresh.fault) }
            endObject()
        }
        endObject()
    }

    private mutating func sample(_ sample: TrialView.Sample) {
        beginObject()
        member("would", sample.joins ? "join" : "part")
        member("a", "\(sample.record.source)|\(sample.record.value)")
        member("b", "\(sample.other.source)|\(sample.other.value)")
        for (name, weight) in [("active", sample.active), ("candidate", sample.candidate)] {
            guard let weight else { continue }
            key(name)
            number(JSONNumber(weight.bits))
        }
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
