import Locks
public import ShardProtocol

/// The network between a coordinator and one shard: delays, loses, repeats and reorders messages by chance.
public final class SimulatedLink: ShardClient {
    /// How bad the network is, in chances of a thousand.
    public struct Weather: Sendable {
        /// A request is lost: the caller hears nothing until its deadline.
        public var lostRequest = 0
        /// The answer is lost: the shard has done it, the caller does not know.
        public var lostAnswer = 0
        /// The request arrives a second time, later.
        public var repeated = 0
        /// Longest ordinary delay of a message in microseconds.
        public var delay: UInt64 = 300
        /// A message is held up a hundred times longer.
        public var heldUp = 0

        /// Fair weather.
        public init() {}
    }

    private struct State {
        var random: SimulationRandom
        var weather: Weather
        var cut = false
    }

    private let node: any SimulatedNode
    private let time: VirtualTime
    private let background: BackgroundWork
    private let state: Mutex<State>
    /// How long a caller waits for an answer.
    public static let deadline: Duration = .seconds(2)

    /// Links to a node.
    public init(
        to node: any SimulatedNode,
        time: VirtualTime,
        background: BackgroundWork,
        seed: UInt64,
        weather: Weather
    ) {
        self.node = node
        self.time = time
        self.background = background
        state = Mutex(State(random: SimulationRandom(seed: seed), weather: weather))
    }

    /// Changes the weather.
    public func set(_ weather: Weather) { state.withLock { $0.weather = weather } }

    /// Cuts or mends the link.
    public func set(cut: Bool) { state.withLock { $0.cut = cut } }

    /// Carries a request to the node and its answer back, or not.
    public func call(_ request: ShardRequest) async throws(ShardError) -> ShardAnswer {
        let fate = draw()
        guard !fate.cut else {
            await time.sleep(microseconds: fate.there)
            throw .unavailable("the link is cut")
        }
        if let later = fate.repeatAfter {
            let node = node
            let time = time
            background.add {
                await time.sleep(microseconds: later)
                _ = try? await node.receive(request)
            }
        }
        guard !fate.lostRequest else {
            await time.sleep(Self.deadline)
            throw .timeout
        }
        await time.sleep(microseconds: fate.there)
        let answer = try await node.receive(request)
        guard !fate.lostAnswer else {
            await time.sleep(Self.deadline)
            throw .timeout
        }
        await time.sleep(microseconds: fate.back)
        return answer
    }

    private struct Fate {
        var cut: Bool
        var lostRequest: Bool
        var lostAnswer: Bool
        var there: UInt64
        var back: UInt64
        var repeatAfter: UInt64?
    }

    private func draw() -> Fate {
        state.withLock { state in
            let weather = state.weather
            func delay(_ random: inout SimulationRandom) -> UInt64 {
                let base = 20 + random.next(below: weather.delay + 1)
                return random.chance(weather.heldUp) ? base * 100 : base
            }
            return Fate(
                cut: state.cut,
                lostRequest: state.random.chance(weather.lostRequest),
                lostAnswer: state.random.chance(weather.lostAnswer),
                there: delay(&state.random),
                back: delay(&state.random),
                repeatAfter: state.random.chance(weather.repeated) ? delay(&state.random) * 50 : nil
            )
        }
    }
}
