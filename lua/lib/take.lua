-- Take the best job of a lane, or a whole batch.
-- @include states document lane slot lease best holding

local FRESHENING = 30000 -- ms in which one process makes place for an unused one, and no other does
local MOST_LOOKS = 16 -- heads passed over in one call: dead entries, and pipelines that this slot does not serve
local MOST_PARSED = 65536 -- bytes of inputs parsed in one call, for parameters that a limit goes by: about 2 ns each
local MOST_BATCH = 16 -- jobs of one batch in one call: each costs about 30 us

-- A job of a pipeline that this slot does not know stays ready, apart, for the slots that do. They find it at their next
-- idle claim: a hint would only wake this slot again.
local function set_aside(best, lane, pipeline)
  local class = best.class and pipeline .. '!' .. best.class or pipeline
  redis.call('ZREM', best.from, best.member)
  redis.call('ZADD', ready_key(home_of(lane, class)), best.score, best.member)
  list_class(lane, class, true)
end

local function is_ready(doc, step, item)
  if not doc or FINAL_DOCUMENT[doc.status] then return false end
  if not item then return record(doc, step).state == 'ready' end
  local own = read_item(doc, step, item)
  return own and own.state == 'ready' and own.apart -- else its fan-out's entry stands for it
end

-- Lease that job, or clear it away; returns its description, or nil where it was none for this slot.
local function lease_best(best, lane, served)
  local doc, step, item, id = best.doc, best.step, best.item, nil
  if not doc then
    id, step, item = locate(best.member)
    doc = open(id, step)
  end
  local alive = is_ready(doc, step, item)
  if alive and not served[doc.pipeline] then return set_aside(best, lane, doc.pipeline) end
  local reason = alive and reason_to_hold(doc, step)
  if reason then return hold(best, doc, step, item, reason) end
  offered[best.member] = nil
  if best.from then redis.call('ZREM', best.from, best.member) end
  local begins = alive and doc.status == 'queued'
  local taken = alive and lease(best.member, doc, step, lane, item, not best.from)
  if begins and taken then release_siblings(doc, step) end
  return taken, doc, step
end

-- Up to `most` more jobs of one class; like: of the priority of this one, where it is given.
local function fill(jobs, lane, class, served, most, like)
  for _ = 1, most + MOST_LOOKS do
    if most <= 0 or slot.parsed > MOST_PARSED then return end
    local best = best_offered(lane, class, served, head_of(home_of(lane, class), class))
    if not best or (like and not same_priority(best, like)) then return end
    local taken = lease_best(best, lane, served)
    if taken then jobs[#jobs + 1], most = taken, most - 1 end
  end
end

-- One job, or one batch, from this lane; returns whether there was one, and the word where a sibling has the head. Where so many
-- were passed over, the next look finds others: it is not to wait for an idle claim.
local function take_one(jobs, lane, classes, served)
  for _ = 1, MOST_LOOKS do
    if slot.parsed > MOST_PARSED then break end
    local best = best_of(lane, classes, served)
    if not best then return false end
    if best.whose == 'used' then redis.call('HSET', lane_key(lane), 'freshening', string.format('%d', NOW + FRESHENING)) end
    if best.whose == 'sibling' or best.whose == 'used' then
      hint(lane)
      return false, best.whose
    end
    local taken, doc, step = lease_best(best, lane, served)
    if taken then
      jobs[#jobs + 1] = taken
      slot.batch = best.class and string.find(best.class, 'batch=', 1, true) and about(doc.plan, step).batch
      if slot.batch then
        local class = class_of(doc, step)
        slot.part = home_of(lane, class)
        fill(jobs, lane, class, served, math.min(slot.batch, MOST_BATCH) - 1, best)
      end
      return true
    end
  end
  slot.hurried = true
end
