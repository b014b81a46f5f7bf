-- Cancel: a document, or a batch with what is left of it.
-- @include states facts document finish batching

local cancelling = {}

local MOST_TOLD = 64 -- workers: others hear of it at their next renewal
local LONGEST_ERROR = 60 -- bytes: a document's values stay small; the whole reason is in its log

-- At most so long, and no character in half.
local function short(why)
  if #why <= LONGEST_ERROR then return why end
  return (string.gsub(string.sub(why, 1, LONGEST_ERROR), '[\192-\255][\128-\191]*$', ''))
end

local function done_before(doc)
  local done = {}
  for step in string.gmatch(doc.plan.steps or '', '%S+') do
    if record(doc, step).state == 'done' then done[#done + 1] = step end
  end
  return #done > 0 and '; done before, with what it did outside: ' .. table.concat(done, ' ') or ''
end

function cancelling.document(id, why)
  local doc = open(id)
  if not doc then return 'unknown' end
  if FINAL_DOCUMENT[doc.status] then return doc.status end
  note(id, id, 'cancelled', why .. done_before(doc))
  finish(doc, 'cancelled', short(why))
  return 'cancelled'
end

-- Their supervisors look at once what became of their jobs.
function cancelling.tell_workers()
  for _, worker in ipairs(redis.call('ZREVRANGE', key('workers'), 0, MOST_TOLD - 1)) do redis.call('SPUBLISH', worker_key(worker), 'renew') end
end

-- It takes no more; up to `most` of its documents are cancelled now, and sweep goes on with the rest.
function cancelling.batch(id, most, why)
  local state = redis.call('HGET', batch_key(id), 'state')
  if state == 'ended' or not state then
    redis.call('SREM', key('cancelling'), id)
    return state or 'unknown'
  end
  if redis.call('HSETNX', batch_key(id), 'cancelling', why) == 1 then redis.call('SADD', key('cancelling'), id) end
  if state == 'open' then redis.call('HSET', batch_key(id), 'state', 'closed', 'closed', NOW_TEXT) end
  local members = redis.call('SRANDMEMBER', batch_key(id, 'open'), most)
  for _, member in ipairs(members) do cancelling.document(member, why) end
  if #members > 0 then cancelling.tell_workers() end
  if redis.call('SCARD', batch_key(id, 'open')) > 0 then return 'again' end
  batching.end_if_empty(id)
  redis.call('SREM', key('cancelling'), id)
  return 'cancelled'
end

-- Whoever cancelled a batch may have died on the way. Returns whether more is left of it.
function cancelling.go_on(most)
  local id = redis.call('SRANDMEMBER', key('cancelling'))
  return id and cancelling.batch(id, most, redis.call('HGET', batch_key(id), 'cancelling') or '') == 'again'
end
