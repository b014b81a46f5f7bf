-- Claim: lease the head of the first lane that has one, and describe the job to its slot.
-- @include keys clock states events stats lane document fan slot

local MOST_INPUT = 65536 -- bytes of inputs in one answer; what is larger the slot reads by itself
local MOST_LOOKS = 16 -- heads passed over in one call: dead entries, and pipelines that this slot does not serve

-- The best head among the lane's own set and the classes that this slot serves.
local function head(lane, serves)
  local best_key = ready_key(lane)
  local best = redis.call('ZRANGE', best_key, 0, 0, 'WITHSCORES')
  for _, class in ipairs(redis.call('SMEMBERS', classes_key(lane))) do
    if serves[class] then
      local other = redis.call('ZRANGE', ready_key(lane .. ':' .. class), 0, 0, 'WITHSCORES')
      if not other[1] then
        redis.call('SREM', classes_key(lane), class)
      elseif not best[1] or tonumber(other[2]) < tonumber(best[2]) then
        best, best_key = other, ready_key(lane .. ':' .. class)
      end
    end
  end
  return best[1], best[2], best_key
end

-- A job of a pipeline that this slot does not know stays ready, apart, for the slots that do.
local function set_aside(member, at, lane, class)
  redis.call('ZREM', ready_key(lane), member)
  redis.call('ZADD', ready_key(lane .. ':' .. class), at, member)
  redis.call('SADD', classes_key(lane), class)
end

local function start_document(doc)
  redis.call('HSET', doc_key(doc.id), 'status', 'running', 'started', NOW)
  index(doc, 'running')
  if doc.place > tonumber(redis.call('GET', key('place')) or 0) then redis.call('SET', key('place'), doc.place) end
end

-- needs: the fields of `data` that the step takes. Left out (nil) where they are too large for an answer.
local function describe(doc, token, attempt, delivery, job, item)
  local plan = redis.call('HMGET', plan_key(doc.pipeline), 'needs:' .. doc.step, 'over:' .. doc.step)
  local answer = { job, token, doc.pipeline, attempt, delivery, false }
  local size = 0
  if item then
    answer[6] = redis.call('HGET', fan_key(doc.id, plan[2], 'data'), item)
    size = #(answer[6] or '')
  end
  for field in string.gmatch(plan[1] or '', '%S+') do
    local value = redis.call('HGET', data_key(doc.id), field)
    size = size + #(value or '')
    answer[#answer + 1] = size <= MOST_INPUT and value
  end
  return answer
end

local function lease_plain(doc, job)
  local token = math.max(doc.token + 1, NOW_US)
  redis.call('HSET', doc_key(doc.id), doc.step .. '.state', 'leased', doc.step .. '.token', token,
    doc.step .. '.slot', slot.name, doc.step .. '.deliveries', doc.deliveries + 1, doc.step .. '.started', NOW)
  return token, doc.attempts, doc.deliveries
end

local function lease_item(doc, i, lane)
  local item = read_item(doc, doc.step, i) or { token = 0, deliveries = 0, attempts = 0 }
  local token = math.max(item.token + 1, NOW_US)
  local attempts, deliveries = item.attempts, item.deliveries
  hand_out(doc, doc.step, i)
  write_item(doc, doc.step, i, { token = token, slot = slot.name, deliveries = deliveries + 1, attempts = attempts,
    started = NOW, state = 'leased' })
  place_entry(doc, doc.step, lane)
  return token, attempts, deliveries
end

local function lease(doc, lane)
  local job, i = doc.id .. '/' .. doc.step, nil
  local token, attempts, deliveries
  if redis.call('HEXISTS', plan_key(doc.pipeline), 'over:' .. doc.step) == 1 then
    i = next_item(doc, doc.step)
    if not i then return place_entry(doc, doc.step, lane) end
    job = job .. '[' .. i .. ']'
    token, attempts, deliveries = lease_item(doc, i, lane)
  else
    token, attempts, deliveries = lease_plain(doc, job)
  end
  if doc.status == 'queued' then start_document(doc) end
  redis.call('ZADD', key('leases'), NOW + slot.lease, job)
  if deliveries == 0 then observe('wait:' .. doc.name .. ':' .. doc.step, NOW - doc.ready) end
  tell(doc.id, job, 'leased')
  local text = string.format('%.0f', token)
  slot.jobs[#slot.jobs + 1] = { job = job, token = text, claimed = slot.call }
  return describe(doc, text, attempts + 1, deliveries + 1, job, i)
end

-- One job from this lane, or nil.
local function take_one(lane, serves)
  for _ = 1, MOST_LOOKS do
    local member, at, from = head(lane, serves)
    if not member then return nil end
    local id, step = string.match(member, '^([^/]+)/(.+)$')
    local doc = read(id, step)
    if not doc or FINAL_DOCUMENT[doc.status] or doc.state ~= 'ready' then
      redis.call('ZREM', from, member)
    elseif not serves[doc.pipeline] then
      set_aside(member, at, lane, doc.pipeline)
    else
      redis.call('ZREM', from, member)
      local taken = lease(doc, lane)
      if taken then return taken end
    end
  end
end

-- Returns the word and the jobs taken: up to `want`, from the first lanes that have any.
local function take(want, lanes, served)
  if want == 0 then return 'ok', {} end
  if not may_claim() then return 'unrenewed', {} end
  local jobs, serves, word = {}, {}, 'none'
  for pipeline in string.gmatch(served, '%S+') do serves[pipeline] = true end
  for lane in string.gmatch(lanes, '%S+') do
    local name = string.match(lane, '^[^:]+')
    if redis.call('HEXISTS', lane_key(name), 'paused') == 1 then
      word = 'paused'
    else
      while #jobs < want do
        local job = take_one(lane, serves)
        if not job then break end
        jobs[#jobs + 1] = job
      end
      -- Whoever takes a job passes the hint on; whoever finds none clears it.
      if redis.call('ZCARD', ready_key(lane)) > 0 then hint(lane) else redis.call('DEL', wake_key(lane)) end
    end
    if #jobs == want then break end
  end
  return #jobs > 0 and 'leased' or word, jobs
end

-- The answer to the same call number again: the jobs that it claimed and that the slot still holds.
local function taken_before()
  local jobs = {}
  for _, held in ipairs(slot.jobs) do
    if held.claimed == slot.call then
      local id, step, i = string.match(held.job, '^([^/]+)/([%w_]+)%[?(%d*)%]?$')
      local doc = read(id, step)
      if doc then
        local own = i ~= '' and read_item(doc, step, i) or doc
        jobs[#jobs + 1] = describe(doc, held.token, own.attempts + 1, own.deliveries, held.job, tonumber(i))
      end
    end
  end
  return jobs
end
