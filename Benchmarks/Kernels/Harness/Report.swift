/// Prints measurements, for people or for programs.
struct Report {
    /// Whether one JSON value a line is wanted in place of a table.
    let isJSON: Bool

    /// Prints what comes before the first measurement.
    func begin() {
        guard !isJSON else { return }
        let titles = ["cpu min", "cpu med", "wall min", "wall med", "cpu s", "ratio"]
        print(Report.row("kernel", titles) + "  item")
        print("(nanoseconds an item; ratio: an item in kilobytes of the reference)")
    }

    /// Prints one measurement.
    func add(_ measured: Measurement) {
        let figures = [
            measured.processor[0], Measurement.median(measured.processor), measured.wall[0],
            Measurement.median(measured.wall),
        ]
        if isJSON {
            let names = ["cpu_ns_min", "cpu_ns_median", "wall_ns_min", "wall_ns_median"]
            var line = #"{"kernel":"\#(measured.kernel.name)","item":"\#(measured.kernel.item)""#
            line += #","items":\#(measured.kernel.items),"rounds":\#(Measurement.rounds)"#
            for (name, figure) in zip(names, figures) { line += #","\#(name)":\#(Report.rounded(figure, 2))"# }
            line += #","cpu_s":\#(Report.rounded(measured.seconds, 4)),"ratio":\#(Report.rounded(measured.ratio, 4))"#
            line += #","reference_ns":\#(Report.rounded(Measurement.median(measured.reference), 1))}"#
            print(line)
        } else {
            let texts = figures.map { Report.rounded($0, $0 < 100 ? 1 : 0) }
            let rest = [Report.rounded(measured.seconds, 3), Report.rounded(measured.ratio, 3)]
            print(Report.row(measured.kernel.name, texts + rest) + "  " + measured.kernel.item)
        }
    }

    private static func row(_ name: String, _ cells: [String]) -> String {
        name + String(repeating: " ", count: max(1, 16 - name.count))
            + cells.map { String(repeating: " ", count: max(1, 10 - $0.count)) + $0 }.joined()
    }

    /// A figure with so many decimals, whatever the locale.
    private static func rounded(_ value: Double, _ decimals: Int) -> String {
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        let digits = String(Int((value * scale).rounded()))
        guard decimals > 0 else { return digits }
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        return padded.dropLast(decimals) + "." + padded.suffix(decimals)
    }
}
