-- One document: read its head, put it into the indexes, end it.
-- @include keys clock states events stats lane

-- Returns the head and one step's fields, or nil: no script writes to a document that does not exist.
local function read(id, step)
  local v = redis.call('HMGET', doc_key(id), 'status', 'pipeline', 'priority', 'place', 'submitted',
    step .. '.state', step .. '.token', step .. '.attempts', step .. '.deliveries', step .. '.ready',
    step .. '.started', step .. '.lane', step .. '.slot')
  if not v[1] then return nil end
  return {
    id = id, status = v[1], pipeline = v[2], name = string.match(v[2], '^[^@]+'),
    priority = tonumber(v[3]), place = tonumber(v[4]), submitted = v[5], step = step, state = v[6],
    token = v[7] and tonumber(v[7]) or 0, attempts = tonumber(v[8] or 0), deliveries = tonumber(v[9] or 0),
    ready = tonumber(v[10] or NOW), started = tonumber(v[11] or NOW), lane = v[12], slot = v[13],
  }
end

local function index(doc, status)
  redis.call('ZREM', key('by:' .. doc.status), doc.id)
  redis.call('ZADD', by_key(status), doc.submitted, doc.id)
  doc.status = status
  tell(doc.id, doc.id, status)
end

-- Every key of a document: for its TTL at the end, and for its purge.
local function keys_of(id, pipeline)
  local keys = { doc_key(id), data_key(id), log_key(id) }
  for step in string.gmatch(redis.call('HGET', plan_key(pipeline), 'listed') or '', '%S+') do
    keys[#keys + 1] = fan_key(id, step)
    for _, part in ipairs({ 'data', 'done', 'failed', 'handed', 'due' }) do
      keys[#keys + 1] = fan_key(id, step, part)
    end
  end
  return keys
end
