import Testing

@testable import Telemetry

struct MetricsTests {
    @Test("Counters, gauges and histograms appear in Prometheus' text format, sorted")
    func exposition() {
        let requests = MetricName("t_requests_total", .counter, labels: ["route", "status"], help: "Requests.")
        let open = MetricName("t_open", .gauge, help: "Open\nnow.")
        let seconds = MetricName("t_seconds", .histogram([0.005, 0.5, 1]), labels: ["route"], help: "Time.")
        let registry = MetricsRegistry(metrics: [requests, open, seconds])
        registry.counter(requests, "read", "200").add(3)
        registry.counter(requests, "match", "4\"0\\0\n").add()
        registry.gauge(open).set(-2)
        let histogram = registry.histogram(seconds, "read")
        for value in [0.001, 0.005, 0.2, 0.7, 30, .nan] { histogram.observe(value) }
        #expect(
            registry.prometheusText() == """
                # HELP t_open Open\\nnow.
                # TYPE t_open gauge
                t_open -2
                # HELP t_requests_total Requests.
                # TYPE t_requests_total counter
                t_requests_total{route="match",status="4\\"0\\\\0\\n"} 1
                t_requests_total{route="read",status="200"} 3
                # HELP t_seconds Time.
                # TYPE t_seconds histogram
                t_seconds_bucket{route="read",le="0.005"} 2
                t_seconds_bucket{route="read",le="0.5"} 3
                t_seconds_bucket{route="read",le="1"} 4
                t_seconds_bucket{route="read",le="+Inf"} 5
                t_seconds_sum{route="read"} 30.906
                t_seconds_count{route="read"} 5

                """
        )
    }

    @Test("The same labels give the same instrument")
    func identity() {
        let registry = MetricsRegistry()
        registry.counter(.recordsStored, "created").add(2)
        registry.counter(.recordsStored, "created").add()
        #expect(registry.counter(.recordsStored, "created").value == 3)
        #expect(registry.counter(.recordsStored, "updated").value == 0)
    }

    @Test("Series past the limit share one, so that a label from outside cannot fill the memory")
    func seriesLimit() {
        let metric = MetricName("t_total", .counter, labels: ["what"], help: "What.")
        let registry = MetricsRegistry(metrics: [metric])
        for number in 0..<(MetricsRegistry.seriesLimit + 50) { registry.counter(metric, "\(number)").add() }
        #expect(registry.counter(metric, "yet another").value == 50)
        #expect(registry.prometheusText().contains("t_total{what=\"other\"} 50\n"))
    }

    @Test("Names follow Prometheus' rules and are listed once")
    func names() {
        let names = MetricName.all.map(\.name)
        #expect(Set(names).count == names.count)
        for metric in MetricName.all {
            #expect(metric.name.hasPrefix("tessera_"))
            #expect(metric.name.wholeMatch(of: /[a-z][a-z0-9_]*/) != nil)
            #expect((metric.kind == .counter) == metric.name.hasSuffix("_total"))
            #expect(metric.help.hasSuffix("."))
            if case .histogram(let bounds) = metric.kind { #expect(bounds == bounds.sorted()) }
        }
    }

    @Test("Many threads lose no count")
    func concurrency() async {
        let registry = MetricsRegistry()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<1_000 {
                        registry.counter(.loadLines).add()
                        registry.gauge(.loadStreams).add(1)
                        registry.histogram(.matchFound).observe(2)
                        registry.gauge(.loadStreams).add(-1)
                    }
                }
            }
        }
        #expect(registry.counter(.loadLines).value == 8_000)
        #expect(registry.gauge(.loadStreams).value == 0)
        #expect(registry.histogram(.matchFound).reading.counts.reduce(0, +) == 8_000)
        #expect(registry.histogram(.matchFound).reading.sum == 16_000)
    }
}
