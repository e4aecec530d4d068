internal import ArgumentParser
internal import RecordFiles

/// The files of patients that a command reads, and how they are to be understood.
struct PatientFiles: ParsableArguments {
    @Argument(help: ArgumentHelp("Files of patients, CSV or NDJSON.", valueName: "file"), completion: .file())
    var files: [String]

    @Option(
        help: ArgumentHelp("What the files hold: csv, ndjson or auto.", valueName: "format"),
        transform: InputFormat.parse
    )
    var format = FileFormat.auto

    @Option(help: ArgumentHelp("Source of the rows that name none (default: the file's name).", valueName: "name"))
    var source: String?

    @Option(
        name: .customLong("map"),
        help: ArgumentHelp("Read a column as a field, for example Surname=family_name.", valueName: "column=field")
    )
    var columns: [String] = []

    /// How the files are read.
    var options: RecordFileOptions {
        var options = RecordFileOptions()
        options.format = format
        options.source = source
        options.columns = columns
        return options
    }

    func validate() throws {
        guard !files.isEmpty else { throw ValidationError("name at least one file of patients") }
    }
}
