/// What the rounds of one kernel took.
struct Measurement {
    /// Rounds that count; one more goes before them to warm up.
    static let rounds = 5

    let kernel: Kernel
    /// Nanoseconds of processor time an item, all threads together, in ascending order.
    let processor: [Double]
    /// Nanoseconds of wall time an item, in ascending order.
    let wall: [Double]
    /// Nanoseconds of processor time a kilobyte of the reference, in ascending order.
    let reference: [Double]

    /// Runs a kernel.
    init(of kernel: Kernel) throws {
        let round = try kernel.prepare()
        Sink.take(try round())
        var processor: [Double] = []
        var wall: [Double] = []
        var reference: [Double] = []
        for _ in 0..<Measurement.rounds {
            reference.append(Reference.round())
            let watch = Stopwatch()
            let value = try round()
            let elapsed = watch.elapsed
            Sink.take(value)
            reference.append(Reference.round())
            processor.append(Double(elapsed.processor) / Double(kernel.items))
            wall.append(Double(elapsed.wall) / Double(kernel.items))
        }
        self.kernel = kernel
        self.processor = processor.sorted()
        self.wall = wall.sorted()
        self.reference = reference.sorted()
    }

    /// The processor time of an item in kilobytes of the reference: the figure to compare between runs.
    var ratio: Double { Measurement.median(processor) / Measurement.median(reference) }

    /// Processor seconds of all counted rounds.
    var seconds: Double { processor.reduce(0, +) * Double(kernel.items) / 1e9 }

    /// The middle one of sorted figures.
    static func median(_ sorted: [Double]) -> Double { sorted[sorted.count / 2] }
}
