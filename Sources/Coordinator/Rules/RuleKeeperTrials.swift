import Identifiers
import Matching
import ShardProtocol
import Topology

/// Candidates that are tried: on live writes, and on stored records.
extension RuleKeeper {
    /// Tries candidates until the task is cancelled.
    func tryCandidates() async {
        await resumeShadow()
        while !Task.isCancelled {
            let didLive = await tryLive()
            let didStored = await tryStored()
            if !didLive, !didStored { await clock.sleep(Self.trialPause) }
        }
    }

    /// Goes on with the candidate that the book names.
    private func resumeShadow() async {
        while !Task.isCancelled, let version = book.shadow, desk.view == nil {
            if let candidate = try? await candidate(version) { return beginShadow(candidate) }
            await clock.sleep(Self.retry)
        }
    }

    /// Tries the next record that was stored; whether there was one.
    private func tryLive() async -> Bool {
        guard let reading, let (stored, rules) = desk.take() else { return false }
        var found = TrialView(version: rules.version, began: 0)
        do throws(ShardError) {
            try await RuleTrial(fanOut: fanOut, reading: reading).run(stored, rules, into: &found)
        } catch {
            found.dropped += 1
        }
        let result = found
        desk.note(rules.version) { $0.add(result) }
        return true
    }

    /// Tries a page of stored records; whether there was one.
    private func tryStored() async -> Bool {
        guard let reading, let trial = replay, trial.view.phase == .running else { return false }
        let owners = fanOut.routing.map.owners
        guard let slot = Slot(trial.view.slotsDone) else {
            replay?.view.phase = .complete
            return true
        }
        var found = TrialView(version: trial.rules.version, began: 0)
        do throws(ShardError) {
            var next: StoreKey? = StoreKey(slot.firstHash)
            while let start = next {
                let page = try await fanOut.routing.client(owners[trial.view.slotsDone]).scan(
                    ScanRequest(table: .home, from: start, through: slot.lastHash, limit: Self.trialPage)
                )
                for row in page.rows where row.key.hash % 1_000 < trial.perMille {
                    guard let home = try? HomeRow(decoding: row.value), !home.deleted else { continue }
                    let stored = TrialDesk.Stored(key: home.key, document: home.document)
                    try await RuleTrial(fanOut: fanOut, reading: reading).run(stored, trial.rules, into: &found)
                    guard trial.rate > 0 else { continue }
                    await clock.sleep(.microseconds(1_000_000 / Int64(clamping: trial.rate)))
                }
                next = page.next
            }
        } catch {
            replay?.view.fault = WritePath.words(error)
            await clock.sleep(Self.retry)
            return true
        }
        guard replay?.view.version == trial.view.version, replay?.view.phase == .running else { return true }
        replay?.view.add(found)
        replay?.view.slotsDone += 1
        replay?.view.fault = ""
        return true
    }
}
