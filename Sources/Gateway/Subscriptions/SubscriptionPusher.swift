public import Coordinator
internal import Identifiers

/// Tells subscribers what happens, from the change feed, while this node leads.
///
///     await gateway.pusher(sender: sender, clock: clock).run()
///
/// Each subscriber has a lane with a cursor of its own, which is kept with the records: whoever leads next goes on
/// there. Every event is told at least once and always under the same name; what is told of one person keeps its order.
/// Memory is bounded by a page of the feed a lane.
public struct SubscriptionPusher: Sendable {
    /// How often subscriptions and the end of the feed are looked at.
    private static let interval: Duration = .milliseconds(250)

    let services: DoorCall.Services
    let sender: any HookSender
    let clock: any CoordinatorClock

    /// Tells subscribers until the task is cancelled.
    public func run() async {
        let board = SubscriptionBoard()
        await withTaskGroup(of: Void.self) { lanes in
            while !Task.isCancelled {
                for (place, id) in await look(board) {
                    let lane = SubscriptionLane(
                        services: services,
                        sender: sender,
                        clock: clock,
                        board: board,
                        place: place,
                        id: id
                    )
                    lanes.addTask { await lane.run() }
                }
                await clock.sleep(Self.interval)
            }
            lanes.cancelAll()
        }
    }

    /// Puts up what is on the board; the subscriptions that are new there.
    private func look(_ board: SubscriptionBoard) async -> [(Int, String)] {
        do throws(RegistryError) {
            let found = try await SubscriptionShelf(registry: services.registry).all()
            let tip = try await services.registry.latest()
            return board.put(found, tip: tip).compactMap { place in found[place].map { (place, $0.id) } }
        } catch {
            // What was put up before holds until the registry can be asked again.
            return []
        }
    }
}

extension Gateway {
    /// What tells subscribers of this registry.
    public func pusher(sender: any HookSender, clock: any CoordinatorClock) -> SubscriptionPusher {
        SubscriptionPusher(services: services, sender: sender, clock: clock)
    }
}
