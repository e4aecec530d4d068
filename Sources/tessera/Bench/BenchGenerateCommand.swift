internal import ArgumentParser
internal import JSON
internal import LoadTest

/// `tessera bench generate`: a population as CSV, with the truth.
struct BenchGenerateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Writes the records of an invented population as CSV.",
        discussion: """
            Names of fifteen cultures by Zipf's law, households, twins, typing errors, swapped names, \
            missing and defaulted dates, moves and married names. The column entity_id is the truth, which \
            no command but evaluate reads.
            """
    )

    @OptionGroup var options: PopulationOptions

    @Option(help: ArgumentHelp("Pass over so many records at the beginning.", valueName: "n"))
    var skip = 0

    @Option(help: ArgumentHelp("Write at most so many records (default: all).", valueName: "n"))
    var take: Int?

    @Option(help: ArgumentHelp("Where to write (default: standard output).", valueName: "file"))
    var output = "-"

    @Flag(help: "Answers one JSON value when done; needs --output.")
    var json = false

    func validate() throws {
        guard skip >= 0, take ?? 1 > 0 else { throw ValidationError("--skip and --take are counts of records") }
        guard !json || output != "-" else { throw ValidationError("--json needs --output FILE") }
    }

    func run() async throws {
        let population = options.population
        let start = min(skip, population.count)
        let end = take.map { min(population.count, start + min($0, population.count)) } ?? population.count
        var file = try OutputFile(path: output)
        let progress = Counter()
        let shown = Task { [json, output] in
            await ProgressLine(isQuiet: json || output == "-").run {
                "\(Quantity.count(progress.value)) of \(Quantity.count(end - start)) records"
            }
        }
        defer { shown.cancel() }
        if start > 0 { try file.write(SyntheticRecord.columns.joined(separator: ",") + "\n") }
        var position = start
        while position < end {
            let next = min(position + 1_000, end)
            try population.writeCSV(position..<next) { try file.write($0) }
            progress.add(next - position)
            position = next
        }
        try file.finish()
        shown.cancel()
        await shown.value
        guard output != "-" else { return }
        if json {
            let people = JSONNumber(options.people)
            Report.json([
                "records": .number(JSONNumber(end - start)), "people": .number(people), "file": .string(output),
            ])
        } else {
            Terminal.note("\(Quantity.count(end - start)) records in \(output)")
        }
    }
}
