internal import Glibc

extension TieredState {
    /// Blocks that are compared between two rests: a mebibyte.
    private static let blocksAtOnce = 16

    /// Compares every run with its checksums; the runs of an older program, which have none, are left out.
    public func findDamage(rest: @Sendable () async -> Void) async -> [String] {
        var found: [String] = []
        for run in generation.runs {
            // A run that was merged away since is no loss, and its memory is kept until it is let go.
            guard let sums = RunSums.read(for: run.path) else { continue }
            for first in stride(from: 0, to: max(sums.count, 1), by: Self.blocksAtOnce) where !Task.isCancelled {
                if let place = run.damage(by: sums, blocks: first..<(first + Self.blocksAtOnce)) {
                    found.append(RunSums.damaged(run.path, place).description)
                    break
                }
                await rest()
            }
        }
        return found
    }
}
