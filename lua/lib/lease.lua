-- Lease a job to the calling slot, and describe it.
-- @include states facts plan document lane finish fan slot limiting batching again origin

local MOST_INPUT = 65536 -- bytes of inputs in one answer, of all its jobs; what is larger the slot reads by itself

local function start_document(doc)
  set(doc, 'started', NOW_TEXT)
  move_index(doc, 'running')
  begin_started(doc)
  batching.begin(doc.id)
  redis.call('ZADD', key('place'), 'GT', doc.place, doc.priority)
end

-- What the slot must know: {job, token, pipeline, attempt, delivery, times out of memory, whose, item or nil, need or nil...}.
local function describe(doc, own, over, needs)
  local answer = { own.job, own.token, doc.pipeline, own.attempts + 1, own.deliveries + 0, 0, origin.whose(doc, own), false }
  local size = slot.sized
  if own.apart then answer[6] = tonumber(redis.call('HGET', doc_key(doc.id), tally_field(own.job, 'memory')) or 0) end
  if own.item then
    answer[8] = redis.call('HGET', fan_key(doc.id, over, 'data'), own.item)
    size = size + #(answer[8] or '')
  end
  for i = 1, #needs do
    local field = needs[i]
    local value = doc.values[field] or redis.call('HGET', data_key(doc.id), field)
    size = size + #(value or '')
    answer[#answer + 1] = size <= MOST_INPUT and value
  end
  slot.sized = size
  return answer
end

-- Never reset, and no two of one call are the same: a token names its job.
local function next_fence(last)
  NOW_US = NOW_US + 1
  return string.format('%d', last - NOW_US < 0 and NOW_US or last + 1)
end

local function begin_lease(job) redis.call('ZADD', LEASES, string.format('%d', NOW + slot.lease), job) end

local function lease_plain(member, step, own, doc)
  own.job, own.before, own.slot = member, own.token, slot.name
  own.token = next_fence(own.token)
  own.deliveries, own.started = text_of(own.deliveries + 1), NOW_TEXT
  own.state, own.moved, own.ran = 'leased', true, true
  return own
end

-- i: of an item that stands alone; else the entry hands out the next one.
local function lease_item(doc, step, lane, alone)
  local i = alone or next_item(doc, step)
  if not i then return place_entry(doc, step, lane) end
  local own = read_item(doc, step, i) or parse_run()
  own.job, own.item, own.state, own.slot = doc.id .. '/' .. step .. '[' .. i .. ']', i, 'leased', slot.name
  own.before, own.token = own.token, next_fence(own.token)
  own.deliveries, own.started = text_of(own.deliveries + 1), NOW_TEXT
  if not alone then hand_out(doc, step, i) end
  write_item(doc, step, i, own)
  if not alone then place_entry(doc, step, lane) end
  return own
end

-- handed: the call that made it ready takes it; what has just become ready then has not waited at all, and is not counted so.
local function lease(member, doc, step, lane, item, handed)
  local known = about(doc.plan, step)
  local step_record = record(doc, step)
  local own = known.over and lease_item(doc, step, lane, item) or not known.over and lease_plain(member, step, step_record, doc)
  if not own then return nil end
  if doc.status == 'queued' then start_document(doc) end
  begin_lease(own.job)
  if known.limit then hold_limit(doc, own.job, known.limit) end
  if own.deliveries == '1' then
    if not handed or step_record.ready ~= NOW_TEXT then observe(histogram(known.wait .. ':' .. doc.priority), NOW - step_record.ready) end
    if known.total_limit then redis.call('ZADD', key('deadlines'), NOW + known.total_limit, own.job .. ' total') end
  else
    count(known.again)
  end
  tell(doc.id, own.job, 'leased')
  local answer = describe(doc, own, known.over, known.needs)
  hold_job(own.job, answer[2])
  return answer
end

-- What the slot still holds of it, or nil.
local function still_held(held)
  local id, step, i = locate(held.job)
  local doc = open(id, step)
  if not doc or FINAL_DOCUMENT[doc.status] then return unlease(doc, step, held.job, held.token) end
  local own = record(doc, step)
  if i then own = read_item(doc, step, i) end
  if not own or own.state ~= 'leased' or own.token ~= held.token then return nil end
  own.job, own.step, own.item = held.job, step, i
  return own, doc
end

-- The answer to the same call number again: the jobs that it claimed and that the slot still holds. Of what it lost meanwhile it
-- was never told, so nobody else would take that out of its record; returns also whether there was any.
local function taken_before()
  local jobs, kept = {}, {}
  for _, held in ipairs(jobs_held()) do
    local own, doc = true, nil
    if held.claimed == slot.call then own, doc = still_held(held) end
    if own then kept[#kept + 1] = held end
    if doc then
      local known = about(doc.plan, own.step)
      jobs[#jobs + 1] = describe(doc, own, known.over, known.needs)
    end
  end
  local lost = #kept < #slot.jobs
  slot.jobs = kept
  return jobs, lost
end
