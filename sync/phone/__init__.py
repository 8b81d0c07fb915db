"""The phone's side of the protocol, for the demo and the simulation.

It does what ``pwa/src`` does on a real phone, with the same six ports (`ports`): store,
net, clock, randomness, crypto and locks. `phone.Phone` is the door to it; `plain` has
ports to start with:

    store = Store("phone.sqlite3")
    randomness = SeededRandomness("phone 4")
    ports = Ports(store, net, clock, randomness, StoredKeys(store, randomness), OwnLocks())
    phone = Phone(ports, app="0.1.0")
    word = phone.enrol(code)           # the supervisor confirms the word
    phone.confirm()                    # "active": log.open is written
    phone.sync()
    phone.sign_in(person, "240617")
    visit = phone.scan("HTTPS://XJ.EXAMPLE/T/…", occurrence=round_id)
    phone.answers(visit, {"pressure": "0.45"})
    phone.sync()
"""
