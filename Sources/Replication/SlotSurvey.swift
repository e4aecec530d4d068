import Identifiers
import ShardProtocol

/// What is known of the slots of a replica that catches up: which differ, and how much each holds.
struct SlotSurvey {
    /// Slots that differ, in order.
    var differing: [Slot] = []
    private var sizes = [UInt64](repeating: 0, count: Slot.count)
    private var slotsSeen: UInt64 = 0
    private var rowsSeen: UInt64 = 0

    /// Takes note of a page of digests.
    ///
    /// - Returns: the slots of the page that differ.
    @discardableResult
    mutating func note(_ request: DigestRequest, source: [SlotDigest], target: [SlotDigest]) -> [Slot] {
        var found: [Slot] = []
        for (index, slot) in request.slots.enumerated() {
            let size = source[index].rows + source[index].postings
            sizes[Int(slot.rawValue)] = size
            slotsSeen += 1
            rowsSeen += size
            if source[index] != target[index] { found.append(slot) }
        }
        return found
    }

    /// How many slots a digest may cover so that a store is busy with it for a moment only.
    func step(rows: UInt64, first: Int) -> Int {
        guard slotsSeen > 0 else { return min(first, DigestRequest.slotLimit) }
        let average = max(rowsSeen / slotsSeen, 1)
        return Int(min(max(rows / average, 1), UInt64(DigestRequest.slotLimit)))
    }

    /// What is to be walked: slots that differ, and between them those that are walked sooner than left out.
    ///
    /// - Parameter gap: rows and postings of equal slots between two that differ, at most.
    /// - Returns: ranges in order.
    func ranges(gap: UInt64) -> [ClosedRange<Slot>] {
        var ranges: [ClosedRange<Slot>] = []
        for slot in differing {
            if let last = ranges.last, rows(between: last.upperBound, and: slot) <= gap {
                ranges[ranges.count - 1] = last.lowerBound...slot
            } else {
                ranges.append(slot...slot)
            }
        }
        return ranges
    }

    /// Questions for digests that cover all slots that differ.
    func windows(of count: Int) -> [DigestRequest] {
        var windows: [DigestRequest] = []
        for slot in differing {
            if let last = windows.last, Int(slot.rawValue) < Int(last.first.rawValue) + last.count { continue }
            windows.append(DigestRequest(first: slot, count: count))
        }
        return windows
    }

    private func rows(between low: Slot, and high: Slot) -> UInt64 {
        sizes[(Int(low.rawValue) + 1)..<Int(high.rawValue)].reduce(0, +)
    }
}
