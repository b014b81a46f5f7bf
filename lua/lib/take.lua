-- Claim: lease the best job of the first lane that has one, and describe it to its slot.
-- @include states facts document lane finish fan slot

local MOST_INPUT = 65536 -- bytes of inputs in one answer; what is larger the slot reads by itself
local MOST_LOOKS = 16 -- heads passed over in one call: dead entries, and pipelines that this slot does not serve

-- Classes of the lane that this slot serves; `classes` is the lane's field, space separated.
local function better_class(lane, classes, serves, best)
  for class in string.gmatch(classes, '%S+') do
    local key_of_class = ready_key(lane .. ':' .. class)
    local head = serves[class] and redis.call('ZRANGE', key_of_class, 0, 0, 'WITHSCORES') or {}
    if head[1] and (not best or tonumber(head[2]) < best.score) then
      best = { member = head[1], score = tonumber(head[2]), from = key_of_class }
    end
  end
  return best
end

-- The best job of a lane: its head, the head of a class, or what this very call made ready.
local function best_of(lane, classes, serves)
  local head = redis.call('ZRANGE', ready_key(lane), 0, 0, 'WITHSCORES')
  local best = head[1] and { member = head[1], score = tonumber(head[2]), from = ready_key(lane) }
  if classes then best = better_class(lane, classes, serves, best) end
  for member, job in pairs(offered) do
    if job.lane == lane and serves[job.doc.pipeline] and (not best or job.score < best.score
        or (job.score == best.score and member < best.member)) then
      best = { member = member, score = job.score }
    end
  end
  return best
end

-- A job of a pipeline that this slot does not know stays ready, apart, for the slots that do. They find it at their next
-- idle claim: a hint would only wake this slot again.
local function set_aside(best, lane, classes, class)
  redis.call('ZREM', best.from, best.member)
  redis.call('ZADD', ready_key(lane .. ':' .. class), best.score, best.member)
  if not string.find(' ' .. (classes or '') .. ' ', ' ' .. class .. ' ', 1, true) then
    redis.call('HSET', lane_key(lane), 'classes', classes and classes .. ' ' .. class or class)
  end
end

local function start_document(doc)
  set(doc, 'started', NOW)
  move_index(doc, 'running')
  if doc.place > tonumber(redis.call('GET', key('place')) or 0) then redis.call('SET', key('place'), doc.place) end
end

-- What the slot must know: {job, token, pipeline, attempt, delivery, item or nil, need or nil...}.
local function describe(doc, own, over, needs)
  local answer = { own.job, string.format('%.0f', own.token), doc.pipeline, own.attempts + 1, own.deliveries, false }
  local size = 0
  if own.item then
    answer[6] = redis.call('HGET', fan_key(doc.id, over, 'data'), own.item)
    size = #(answer[6] or '')
  end
  for field in string.gmatch(needs or '', '%S+') do
    local value = redis.call('HGET', data_key(doc.id), field)
    size = size + #(value or '')
    answer[#answer + 1] = size <= MOST_INPUT and value
  end
  return answer
end

-- Never reset, and no two of one call are the same: a token names its job.
local function next_fence(last)
  NOW_US = NOW_US + 1
  return math.max(last + 1, NOW_US)
end

local function lease_plain(doc, step, own)
  own.job = doc.id .. '/' .. step
  own.token, own.deliveries, own.started = next_fence(own.token), own.deliveries + 1, NOW
  set_state(doc, step, 'leased')
  set(doc, step .. '.token', own.token)
  set(doc, step .. '.slot', slot.name)
  set(doc, step .. '.deliveries', own.deliveries)
  set(doc, step .. '.started', NOW)
  return own
end

local function lease_item(doc, step, lane)
  local i = next_item(doc, step)
  if not i then return place_entry(doc, step, lane) end
  local own = read_item(doc, step, i) or { token = 0, deliveries = 0, attempts = 0 }
  own.job, own.item, own.state, own.slot = doc.id .. '/' .. step .. '[' .. i .. ']', i, 'leased', slot.name
  own.token, own.deliveries, own.started = next_fence(own.token), own.deliveries + 1, NOW
  hand_out(doc, step, i)
  write_item(doc, step, i, own)
  place_entry(doc, step, lane)
  return own
end

local function lease(doc, step, lane)
  local plan = redis.call('HMGET', plan_key(doc.pipeline), 'needs:' .. step, 'over:' .. step)
  local step_record = record(doc, step)
  local own = plan[2] and lease_item(doc, step, lane) or not plan[2] and lease_plain(doc, step, step_record)
  if not own then return nil end
  if doc.status == 'queued' then start_document(doc) end
  redis.call('ZADD', key('leases'), NOW + slot.lease, own.job)
  if own.deliveries == 1 then observe('wait:' .. doc.name .. ':' .. step, NOW - step_record.ready) end
  tell(doc.id, own.job, 'leased')
  local answer = describe(doc, own, plan[2], plan[1])
  slot.jobs[#slot.jobs + 1] = { job = own.job, token = answer[2], claimed = slot.call }
  return answer
end

-- One job from this lane, or nil.
local function take_one(lane, classes, serves)
  for _ = 1, MOST_LOOKS do
    local best = best_of(lane, classes, serves)
    if not best then return nil end
    local id, step = string.match(best.member, '^([^/]+)/(.+)$')
    local doc = open(id, step)
    local alive = doc and not FINAL_DOCUMENT[doc.status] and record(doc, step).state == 'ready'
    if alive and not serves[doc.pipeline] then
      set_aside(best, lane, classes, doc.pipeline)
    else
      offered[best.member] = nil
      if best.from then redis.call('ZREM', best.from, best.member) end
      local taken = alive and lease(doc, step, lane)
      if taken then return taken end
    end
  end
end

local function take_from(lane, want, serves, jobs)
  local v = redis.call('HMGET', lane_key(string.match(lane, '^[^:]+')), 'paused', 'classes')
  if v[1] then return 'paused' end
  while #jobs < want do
    local job = take_one(lane, v[2], serves)
    if not job then return end
    jobs[#jobs + 1] = job
  end
end

-- Returns the word and the jobs taken: up to `want`, from the lanes in their order.
local function take(want, lanes, served)
  if want == 0 then return 'ok', {} end
  if not may_claim() then return 'unrenewed', {} end
  local jobs, serves, word = {}, {}, 'none'
  for pipeline in string.gmatch(served, '%S+') do serves[pipeline] = true end
  for lane in string.gmatch(lanes, '%S+') do
    word = take_from(lane, want, serves, jobs) or word
    if #jobs == want then break end
  end
  return #jobs > 0 and 'leased' or word, jobs
end

-- The answer to the same call number again: the jobs that it claimed and that the slot still holds.
local function taken_before()
  local jobs = {}
  for _, held in ipairs(slot.jobs) do
    local id, step, i = locate(held.job)
    local doc = held.claimed == slot.call and open(id, step)
    if doc then
      local own = i and read_item(doc, step, i) or record(doc, step)
      own.job, own.token, own.item = held.job, held.token, i
      local plan = redis.call('HMGET', plan_key(doc.pipeline), 'needs:' .. step, 'over:' .. step)
      jobs[#jobs + 1] = describe(doc, own, plan[2], plan[1])
    end
  end
  return jobs
end
