internal import ArgumentParser
internal import Demographics
internal import RecordFiles

/// The files of patients that a command without a server works on.
struct BatchInput: ParsableArguments {
    @OptionGroup var patients: PatientFiles

    @Option(help: ArgumentHelp("Where records that cannot be read are kept, with the reason.", valueName: "file"))
    var rejects = "rejects.csv"

    /// Reads all files.
    ///
    /// - Parameters:
    ///   - isQuiet: shows no progress.
    ///   - take: receives some ten thousand records at a time.
    /// - Returns: what was read, and what was not.
    /// - Throws: a failure that names the file; what `take` throws.
    func read(isQuiet: Bool, take: ([SourceRecord]) async throws -> Void) async throws -> LoadTally {
        let (files, options) = (patients.files, patients.options)
        let total = try LoadReader.totalBytes(of: files, options: options)
        let sink = RejectsSink(path: rejects, files: files)
        sink.removeEarlier()
        let tally = LoadTally(start: ContinuousClock().now, rejects: sink)
        let progress = Self.showProgress(of: tally, totalBytes: total, isQuiet: isQuiet)
        defer { progress.cancel() }
        for (index, path) in files.enumerated() {
            let input = LinkInput(file: index, path: path, options: options, tally: tally)
            try await input.read(
                tell: { Terminal.note("\(path): \($0)") },
                take: take
            )
        }
        progress.cancel()
        await progress.value
        return tally
    }

    private static func showProgress(of tally: LoadTally, totalBytes: Int?, isQuiet: Bool) -> Task<Void, Never> {
        Task {
            await ProgressLine(isQuiet: isQuiet).run {
                let counts = tally.counts
                let share = totalBytes.map { $0 > 0 ? ", \(min(100, counts.bytesRead * 100 / $0)) %" : "" } ?? ""
                return "\(Quantity.count(counts.read)) records read\(share)"
            }
        }
    }
}
